/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#pragma once

#include "hf-mock-server.h"
#include "hf-test-server.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  HfExecutor *(*make) (guint n_at_once);
  gboolean is_here; /* the work is done in this thread's own main context */
  gboolean in_processes; /* requests are sent by other processes */
} HfContractKind;

/* A session on an executor of some kind, with a real server and a mock one. */
typedef struct {
  const HfContractKind *kind;
  HfTestServer *server;
  HfMockServer *mock;
  HfExecutor *executor;
  HfFuturesSession *session;
} HfContract;

void        hf_contract_set_up        (HfContract    *fixture,
                                       gconstpointer  data);
void        hf_contract_tear_down     (HfContract    *fixture,
                                       gconstpointer  data);

/* From now on one at a time, and with the mock server. */
void        hf_contract_use_mock      (HfContract    *fixture);

HfFuture   *hf_contract_get           (HfContract    *fixture,
                                       const char    *path);
/* Waits as the kind wants it. */
void        hf_contract_await         (HfContract    *fixture,
                                       HfFuture      *future);

/* All take the future over. */
HfResponse *hf_contract_take_response (HfContract    *fixture,
                                       HfFuture      *future);
char       *hf_contract_take_text     (HfContract    *fixture,
                                       HfFuture      *future);
void        hf_contract_take_failure  (HfContract    *fixture,
                                       HfFuture      *future,
                                       GQuark         domain,
                                       int            code);

/* For hf_assert_becomes(): of a future, of the mock server, of the fixture. */
gboolean    hf_contract_is_settled    (gpointer       future);
gboolean    hf_contract_has_arrived   (gpointer       mock);
gboolean    hf_contract_is_held       (gpointer       fixture);

/* The promises. */
void promise_submit (HfContract *fixture, gconstpointer data);
void promise_send_body (HfContract *fixture, gconstpointer data);
void promise_message (HfContract *fixture, gconstpointer data);
void promise_deadlines (HfContract *fixture, gconstpointer data);
void promise_redirects (HfContract *fixture, gconstpointer data);
void promise_jar (HfContract *fixture, gconstpointer data);
void promise_limits (HfContract *fixture, gconstpointer data);
void promise_errors (HfContract *fixture, gconstpointer data);
void promise_progress (HfContract *fixture, gconstpointer data);
void promise_progress_bytes (HfContract *fixture, gconstpointer data);
void promise_drop (HfContract *fixture, gconstpointer data);
void promise_many (HfContract *fixture, gconstpointer data);
void promise_priority (HfContract *fixture, gconstpointer data);
void promise_cancel_queued (HfContract *fixture, gconstpointer data);
void promise_cancel_waiting (HfContract *fixture, gconstpointer data);
void promise_cancel_reading (HfContract *fixture, gconstpointer data);
void promise_cancel_connecting (HfContract *fixture, gconstpointer data);
void promise_request_cancellable (HfContract *fixture, gconstpointer data);
void promise_close_drain (HfContract *fixture, gconstpointer data);
void promise_close_cancel_queued (HfContract *fixture, gconstpointer data);
void promise_close_cancel_all (HfContract *fixture, gconstpointer data);
void promise_close_session (HfContract *fixture, gconstpointer data);
void promise_close_blocking (HfContract *fixture, gconstpointer data);
void promise_share (HfContract *fixture, gconstpointer data);
void promise_hooks (HfContract *fixture, gconstpointer data);
void promise_nested (HfContract *fixture, gconstpointer data);
void promise_would_block (HfContract *fixture, gconstpointer data);
void promise_work (HfContract *fixture, gconstpointer data);
void promise_work_data (HfContract *fixture, gconstpointer data);
void promise_work_cancel_queued (HfContract *fixture, gconstpointer data);
void promise_work_cancel_running (HfContract *fixture, gconstpointer data);
void promise_work_close_drain (HfContract *fixture, gconstpointer data);
void promise_work_close_cancel_queued (HfContract *fixture, gconstpointer data);
void promise_work_close_cancel_all (HfContract *fixture, gconstpointer data);
void promise_work_close_within (HfContract *fixture, gconstpointer data);
void promise_work_nested (HfContract *fixture, gconstpointer data);
void promise_work_many (HfContract *fixture, gconstpointer data);

G_END_DECLS
