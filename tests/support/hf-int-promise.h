/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-promise-private.h"

G_BEGIN_DECLS

/* Promises of numbers, and what became of them. */
void hf_resolve_int (HfPromise *promise,
                     int        number);
void hf_assert_int  (HfFuture  *future,
                     int        number);

G_END_DECLS
