/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-error-private.h"
#include "hf-request-private.h"
#include "hf-response-private.h"

G_BEGIN_DECLS

typedef struct _HfHop HfHop;

/*
 * HfHopObserver:
 *
 * What a transport tells while it sends. All on the sending thread, under no lock.
 */
typedef struct {
  /* The hop has reached another phase. */
  void (*phase) (HfHop   *hop,
                 HfPhase  phase);

  /* Something went over the wire, so the silence that a read timeout measures begins anew. */
  void (*activity) (HfHop *hop);

  /* Whether this answer will not be the last: then its body is of little interest. */
  gboolean (*is_interim) (HfHop     *hop,
                          guint      status,
                          HfHeaders *headers);
} HfHopObserver;

/*
 * HfHop:
 *
 * One message out, and what a transport needs to know about it.
 */
struct _HfHop {
  const char *method;            /* interned */
  GUri *uri;                     /* owned */
  HfHeaders *headers;            /* owned; validated */
  HfBody *body;                  /* owned, nullable */
  HfRequestData *settings;       /* not owned; the request's proxy and TLS settings */
  guint64 max_body_size;         /* bytes; 0: no limit */
  guint max_decompression_ratio; /* decoded bytes to those on the wire; 0: no limit */
  gboolean http2;                /* HTTP/2 is welcome where it can be spoken */
  gboolean streams;              /* the response is there with its headers; it has a stream */

  gboolean keeps_sealed;         /* a large body will go to another process once more */
  gboolean seals;                /* this is a worker process: a large body goes to the parent */

  /* Who reads that stream, when it may be read after all this has gone; else it is told to the
   * observer. */
  GObject *reader;               /* owned, nullable */
  const HfHopObserver *reader_observer; /* const; its hops have the reader as data */

  /* Instead of the above: a user's own message, sent as it is, with libsoup's own redirects, and
   * with the cookies of a jar. */
  SoupMessage *message;          /* not owned, nullable */
  SoupCookieJar *jar;            /* not owned, nullable */

  const HfHopObserver *observer; /* const */
  gpointer observer_data;

  /* Kept by the transport. */
  HfPhase phase;
  guint64 n_sent;                /* bytes of the body */
  gint64 n_to_send;              /* of those; -1: not known */
  guint64 n_received;            /* bytes of the answer's body on the wire */
  gint64 n_announced;            /* of those; -1: not known */
};

/* Up to so many bytes a body may expand as it likes. */
#define HF_HOP_FREE_EXPANSION (1024 * 1024)

/* A redirect's body is kept up to this size; with a larger one goes its connection. */
#define HF_HOP_INTERIM_BODY_LIMIT (64 * 1024)

/*
 * HfTransport:
 *
 * Sends one message and gives one response. It follows nothing, answers no challenge and knows no
 * cookie jar. Errors are what the layers below said; hf_error_new_for_cause() words them.
 */
#define HF_TYPE_TRANSPORT (hf_transport_get_type ())
G_DECLARE_INTERFACE (HfTransport, hf_transport, HF, TRANSPORT, GObject)

/*
 * HfTransportDone:
 * @response: (transfer full) (nullable): the response
 * @error: (transfer full) (nullable): why there is none
 */
typedef void (*HfTransportDone) (HfResponse *response,
                                 GError     *error,
                                 gpointer    user_data);

struct _HfTransportInterface {
  GTypeInterface parent_iface;

  HfResponse *(*send) (HfTransport   *self,
                       HfHop         *hop,
                       GCancellable  *cancellable,
                       GError       **error);

  /* On a loop, whose context is this thread's default one. @done is called once on this thread, and
   * not before this returns. A plain function, because a GTask would be a good part of the cost. */
  void (*send_async) (HfTransport     *self,
                      HfHop           *hop,
                      GCancellable    *cancellable,
                      HfTransportDone  done,
                      gpointer         user_data);
};

HfResponse *hf_transport_send    (HfTransport   *self,
                                  HfHop         *hop,
                                  GCancellable  *cancellable,
                                  GError       **error);

void        hf_transport_send_async (HfTransport   *self,
                                  HfHop         *hop,
                                  GCancellable  *cancellable,
                                  HfTransportDone done,
                                  gpointer       user_data);

void        hf_hop_init_for_reader (HfHop       *hop,
                                  const HfHop   *from);
void        hf_hop_clear         (HfHop         *hop);
void        hf_hop_enter_phase   (HfHop         *hop,
                                  HfPhase        phase);
GError     *hf_hop_new_too_large (HfHop         *hop);
GError     *hf_hop_new_expands_too_much (HfHop  *hop);

G_END_DECLS
