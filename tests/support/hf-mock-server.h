/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-gate.h"
#include "libhfutures.h"

G_BEGIN_DECLS

/* What sessions on threads send to instead of a server: the mock transport, with gates. */
typedef struct {
  HfGate arrived; /* passed by every hop */
  HfGate answer;  /* waited for by hops to /wait */
  GMutex lock;
  GString *log;   /* owned; guarded by lock: the paths in the order in which they came */
} HfMockServer;

HfMockServer *hf_mock_server_new    (void);
void          hf_mock_server_free   (HfMockServer     *self);
void          hf_mock_server_attach (HfMockServer     *self,
                                     HfFuturesSession *session);

/* Asks for a path at http://a.example; any session will do. */
HfFuture     *hf_mock_server_get    (HfFuturesSession *session,
                                     const char       *path);

/* What a future settles with, after waiting for it. */
void          hf_assert_body        (HfFuture         *future,
                                     const char       *body);
void          hf_assert_fails       (HfFuture         *future,
                                     GQuark            domain,
                                     int               code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMockServer, hf_mock_server_free)

G_END_DECLS
