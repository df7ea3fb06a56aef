/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-drain.h"
#include "hf-latch-private.h"

G_BEGIN_DECLS

HfLatch *hf_drain_get_latch (void);

G_END_DECLS
