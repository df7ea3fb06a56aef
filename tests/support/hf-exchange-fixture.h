/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-mock-transport-private.h"
#include "libhfutures.h"

G_BEGIN_DECLS

/* A session on the mock transport and the inline executor, so nothing waits for anything, and a
 * log of what it sends. For g_test_add(). */
typedef struct {
  HfFuturesSession *session;  /* owned */
  GPtrArray *log;             /* owned; of char *: "METHOD URI | name: value | … | body" */
  HfResponse *(*answer) (HfHop *hop);
} HfExchangeFixture;

void        hf_exchange_fixture_set_up    (HfExchangeFixture *fixture,
                                           gconstpointer      data);
void        hf_exchange_fixture_tear_down (HfExchangeFixture *fixture,
                                           gconstpointer      data);

/* Both take the future over. One is for futures that succeed; the other is for those that fail
 * with a code of the library's own, and returns the message. */
HfResponse *hf_take_result                (HfFuture          *future);
char       *hf_take_failure               (HfFuture          *future,
                                           int                code);

G_END_DECLS
