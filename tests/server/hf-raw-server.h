/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfRawServer:
 *
 * Accepts connections on a free loopback port and leaves them to a function, each on a thread of
 * its own: for everything that a well-behaved server would never send.
 */
typedef struct _HfRawServer HfRawServer;

typedef void (*HfRawServerFunc) (HfRawServer *server,
                                 GIOStream   *stream,
                                 gpointer     user_data);

HfRawServer *hf_raw_server_new             (HfRawServerFunc    func,
                                            gpointer           user_data);
void         hf_raw_server_free            (HfRawServer       *self);
guint16      hf_raw_server_get_port        (HfRawServer       *self);
char        *hf_raw_server_dup_uri         (HfRawServer       *self,
                                            const char        *path);
guint        hf_raw_server_get_n_accepted  (HfRawServer       *self);

/* For the function: reads a request's head, up to and with the empty line; NULL at the end. */
char        *hf_raw_server_read_head       (GIOStream         *stream);
gboolean     hf_raw_server_write           (GIOStream         *stream,
                                            const char        *data);
/* For the function: blocks until the client has closed, or the server is freed. */
void         hf_raw_server_wait_for_end    (HfRawServer       *self,
                                            GIOStream         *stream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfRawServer, hf_raw_server_free)

G_END_DECLS
