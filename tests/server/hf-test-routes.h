/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-test-gates.h"

G_BEGIN_DECLS

/*
 * hf_test_routes_answer:
 * @query: (nullable): the decoded query
 *
 * Answers a request as its path says (see HfTestServer).
 */
void hf_test_routes_answer (SoupServerMessage *message,
                            const char        *path,
                            GHashTable        *query,
                            HfTestGates       *gates);

G_END_DECLS
