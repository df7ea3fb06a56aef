/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-frame-private.h"

G_BEGIN_DECLS

/*
 * HfChannel:
 *
 * One end of a socket pair. One thread at a time may send, and one receive.
 */
typedef struct _HfChannel HfChannel;

HfChannel *hf_channel_new     (int             fd,
                               GError        **error);
void       hf_channel_free    (HfChannel      *self);
gboolean   hf_channel_is_idle (HfChannel      *self);
gboolean   hf_channel_send    (HfChannel      *self,
                               const HfFrame  *frame,
                               gint64          timeout_us,
                               GCancellable   *cancellable,
                               GError        **error);
gboolean   hf_channel_tell    (HfChannel      *self,
                               HfFrameKind     kind,
                               GVariant       *values,
                               gint64          timeout_us,
                               GError        **error);
gboolean   hf_channel_receive (HfChannel      *self,
                               HfFrame        *frame,
                               gint64          timeout_us,
                               GCancellable   *cancellable,
                               GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfChannel, hf_channel_free)

G_END_DECLS
