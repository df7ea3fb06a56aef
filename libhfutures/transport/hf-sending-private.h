/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-connection-config-private.h"
#include "hf-soup-body-private.h"
#include "hf-transport-private.h"
#include "hf-upload-private.h"

G_BEGIN_DECLS

/*
 * HfSending:
 *
 * One message while libsoup sends it, without the I/O: what is done before, what is heard of it
 * meanwhile, and what is made of the answer. On the stack, or owned by who sends.
 */
typedef struct {
  HfHop *hop;                  /* not owned */
  HfConnectionConfig *config;  /* not owned */
  SoupSession *soup;           /* not owned: who sends */
  GCancellable *cancellable;   /* not owned; nobody else's, so it may be cancelled */
  SoupMessage *message;        /* owned */
  HfUpload *upload;            /* owned; NULL: the body is in memory, or there is none */
  gint64 sent_at;              /* monotonic, in microseconds */
  gboolean may_block;          /* const: this thread may wait */
  gboolean started;            /* a connection is there and the request is being written */
  gboolean untrusted;          /* the server's certificate is not accepted */
  gboolean has_handlers;       /* on the message, besides the emission hooks */
  guint n_restarts;            /* how often libsoup began anew */
  gboolean answers_from_cache; /* an answer may come without a connection */
  gboolean on_users_session;   /* whose features would do what is done here */
  GPtrArray *connections;      /* not owned, nullable: where to note new ones */
  gboolean wants_connection;   /* a new one, because none is idle */

  HfHeaders *headers;          /* owned; of the answer */
  guint status;
  double elapsed;              /* seconds until the headers were there */
  HfMetrics metrics;
  gint64 event_at;             /* monotonic, in microseconds: what the next event is counted from */
  HfSoupBody body;

  /* A user's own message. */
  gboolean is_users;
  SoupCookieJar *jar;          /* not owned, nullable */
  SoupMessageFlags flags;      /* the user's */
  const char *method;          /* interned: what it was to be sent with first */
  gboolean had_body;
  gboolean own_cookies;        /* the Cookie field is the jar's */
  gboolean own_encodings;      /* the Accept-Encoding field is ours */
  gboolean authorized_proxy;   /* the Proxy-Authorization field is ours */
  gboolean body_lost;
} HfSending;

gboolean    hf_sending_has_to_open    (HfSending      *self);
gboolean    hf_sending_open           (HfSending      *self,
                                       GError        **error);
gboolean    hf_sending_reopen         (HfSending      *self);
gboolean    hf_sending_check_length   (HfSending      *self,
                                       GError        **error);
void        hf_sending_set_body       (HfSending      *self);
void        hf_sending_end_upload     (HfSending      *self);
gboolean    hf_sending_begin          (HfSending      *self,
                                       GError        **error);
gboolean    hf_sending_take_stream    (HfSending      *self,
                                       GInputStream   *stream,
                                       GError        **error);
HfResponse *hf_sending_take_body      (HfSending      *self,
                                       GBytes         *body,
                                       GError        **error);
void        hf_sending_explain        (HfSending      *self,
                                       GError        **error);
void        hf_sending_detach         (HfSending      *self);
void        hf_sending_clear          (HfSending      *self);

void        hf_sending_add_emission_hooks (void);

/* The parts that users' own messages have besides. */
void        hf_sending_begin_users    (HfSending      *self);
void        hf_sending_end_users      (HfSending      *self);
void        hf_sending_on_starting    (HfSending      *self);
void        hf_sending_on_restarted   (HfSending      *self);
gboolean    hf_sending_check_users    (SoupMessage    *message,
                                       GError        **error);

G_END_DECLS
