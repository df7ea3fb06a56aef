/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef enum {
  HF_TEST_ECHO_ALL,
  HF_TEST_ECHO_HEADERS,
  HF_TEST_ECHO_COOKIES,
} HfTestEchoParts;

/* Answers with the request itself, or parts of it, as JSON. */
void hf_test_echo_request (SoupServerMessage *message,
                           HfTestEchoParts    parts);

G_END_DECLS
