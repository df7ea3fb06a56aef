/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-future.h"

G_BEGIN_DECLS

typedef struct _HfNotice HfNotice;

HfNotice *hf_notice_new    (HfFuture     *future);
void      hf_notice_retire (HfNotice     *notice);
void      hf_notice_queue  (HfNotice     *notice,
                            GMainContext *context);

G_END_DECLS
