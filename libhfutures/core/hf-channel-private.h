/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_FRAME_MAX_FDS 2
#define HF_FRAME_MAX_LENGTH (16 * 1024 * 1024) /* bytes; what is larger goes in a descriptor */

/*
 * HfFrame:
 *
 * One message between two processes: a kind, named values, and descriptors. What the values mean is
 * for whoever reads them; whatever they say, nothing here reads out of bounds.
 */
typedef struct {
  guint8 kind;
  GVariant *values;          /* owned: a{sv}, in normal form */
  int fds[HF_FRAME_MAX_FDS]; /* owned; -1: taken, or none */
  guint n_fds;
} HfFrame;

void     hf_frame_clear    (HfFrame       *self);
int      hf_frame_take_fd  (HfFrame       *self,
                            guint          position);

/*
 * HfChannel:
 *
 * One end of a socket pair. One thread at a time may send, and one receive.
 */
typedef struct _HfChannel HfChannel;

HfChannel *hf_channel_new     (int            fd,
                               GError       **error);
void       hf_channel_free    (HfChannel     *self);
gboolean   hf_channel_is_idle (HfChannel     *self);
gboolean   hf_channel_send    (HfChannel     *self,
                               guint8         kind,
                               GVariant      *values,
                               const int     *fds,
                               guint          n_fds,
                               gint64         timeout_us,
                               GCancellable  *cancellable,
                               GError       **error);
gboolean   hf_channel_receive (HfChannel     *self,
                               HfFrame       *frame,
                               gint64         timeout_us,
                               GCancellable  *cancellable,
                               GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfChannel, hf_channel_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfFrame, hf_frame_clear)

G_END_DECLS
