/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-future.h"
#include "hf-progress-private.h"

G_BEGIN_DECLS

typedef struct _HfNotice HfNotice;

HfNotice *hf_notice_new       (HfFuture      *future);
HfNotice *hf_notice_ref       (HfNotice      *self);
void      hf_notice_unref     (HfNotice      *self);
gboolean  hf_notice_keep      (HfNotice      *self);
void      hf_notice_retire    (HfNotice      *notice);
void      hf_notice_queue     (HfNotice      *notice,
                               GMainContext  *context);
void      hf_notice_set_bytes (HfNotice      *self,
                               const HfBytes *bytes,
                               gint64         now_us);

G_END_DECLS
