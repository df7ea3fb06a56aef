/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-request-private.h"
#include "hf-response-private.h"
#include "hf-transport-private.h"

G_BEGIN_DECLS

typedef enum {
  HF_STEP_SEND,   /* send the hop */
  HF_STEP_SETTLE, /* there is a response or an error */
} HfStep;

/*
 * HfExchange:
 *
 * Everything HTTP does between messages, without I/O: given a request, and then each answer, it
 * says what to do next. It belongs to whoever runs it.
 */
typedef struct {
  HfRequestData *request;   /* owned: what was submitted */
  SoupCookieJar *jar;       /* owned, nullable */
  const int *jar_used;      /* not owned; atomic: whether there is any cookie in it */
  guint64 max_body_size;    /* bytes; 0: no limit */

  HfHop hop;                /* what to send */
  HfHeaders *own_headers;   /* owned: the user's fields, as far as they go along */
  GPtrArray *own_cookies;   /* owned, nullable: the user's cookies, likewise */
  HfRequestData *sent;      /* owned: what the hop's response shows as its request */
  gboolean changed_origin;  /* the hop goes to another origin than the one before */
  HfAuth *auth;             /* owned, nullable: for as long as the origin is that of the request */
  char *answer;             /* owned, nullable: to what the server has just asked */
  guint n_answers;          /* how often the hop was sent again, as the server asked who it is */
  guint n_redirects;        /* that were followed */

  GPtrArray *history;       /* owned; of HfResponse */
  HfResponse *response;     /* owned; set when settled with a response, or one that is to blame */
  GError *error;            /* owned; set when settled with an error */
} HfExchange;

void   hf_exchange_init          (HfExchange    *self,
                                  HfRequestData *request,
                                  SoupCookieJar *jar,
                                  const int     *jar_used,
                                  guint64        max_body_size);
void   hf_exchange_clear         (HfExchange    *self);

HfStep hf_exchange_start         (HfExchange    *self);
HfStep hf_exchange_take_response (HfExchange    *self,
                                  HfResponse    *response);
gboolean hf_exchange_is_interim  (HfExchange    *self,
                                  guint          status,
                                  HfHeaders     *headers);

G_END_DECLS
