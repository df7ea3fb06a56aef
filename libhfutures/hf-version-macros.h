/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-version.h"

#ifndef _HF_EXTERN
#define _HF_EXTERN extern
#endif

/**
 * HF_AVAILABLE_IN_1_0: (skip)
 *
 * Marks a symbol that is public since version 1.0.
 */
#define HF_AVAILABLE_IN_1_0 _HF_EXTERN
