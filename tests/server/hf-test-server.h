/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * HfTestServer:
 *
 * A well-behaved HTTP server on a free loopback port, on a thread of its own. Every function may be
 * called from any thread. What it answers:
 *
 *   /get /post /put /patch /delete   one method each (and HEAD for /get): the request as JSON, with
 *                                    method, url, args, headers, data, form, json and origin
 *   /anything /anything/…  /options  any method: the same
 *   /headers  /cookies               only these parts of the request
 *   /cookies/set?NAME=VALUE          sets cookies, leads to /cookies
 *   /response-headers?NAME=VALUE     an empty text with these fields
 *   /status/N                        that status, with a short text
 *   /bytes/N                         N bytes: 0, 1, …, 255, 0, …
 *   /text?charset=NAME               HF_TEST_SERVER_TEXT in that charset, UTF-8 when not given
 *   /json  /empty                    a small object; nothing
 *   /redirect/N                      N redirects, the last to /get
 *   /redirect-to?url=URL&status_code=N  to anywhere, 302 when not given
 *   /delay/SECONDS                   as /anything, later
 *   /hold/NAME                       as /anything, once /release/NAME was asked for
 *   /await/NAME                      answers once /hold/NAME was asked for
 *   /release/NAME                    answers what is held under that name, now and from now on
 */
typedef struct _HfTestServer HfTestServer;

#define HF_TEST_SERVER_TEXT "Grüße, naïve café"

HfTestServer *hf_test_server_new               (void);
/* The same over https. */
HfTestServer *hf_test_server_new_tls           (GTlsCertificate *certificate);
/* Also drops what is held. */
void          hf_test_server_free              (HfTestServer    *self);

guint16       hf_test_server_get_port          (HfTestServer    *self);
/* Of a path with its query, for instance "/get?a=1". */
char         *hf_test_server_dup_uri           (HfTestServer    *self,
                                                const char      *path);
/* How many requests came for a path (without query), or at all when it is NULL. */
guint         hf_test_server_get_n_requests    (HfTestServer    *self,
                                                const char      *path);
/* How many connections carried at least one request. */
guint         hf_test_server_get_n_connections (HfTestServer    *self);
/* Blocks until @n requests came for @path, or at all when it is NULL. */
void          hf_test_server_wait_for_requests (HfTestServer    *self,
                                                const char      *path,
                                                guint            n);
/* What asking for /release/NAME does. */
void          hf_test_server_release           (HfTestServer    *self,
                                                const char      *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTestServer, hf_test_server_free)

G_END_DECLS
