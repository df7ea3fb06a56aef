/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-gate.h"
#include "hf-raw-server.h"

G_BEGIN_DECLS

/* An answer that comes in two parts, the second when it is let; or the first only, until the client
 * closes. */
typedef struct {
  HfGate go_on;        /* waited for before the second part */
  HfGate has_ended;    /* passed when everything is sent, or the client has closed */
  const char *first;
  const char *second;  /* NULL: none */
} HfHalves;

#define HF_HALVES_INIT(first, second) { HF_GATE_INIT, HF_GATE_INIT, (first), (second) }

/* Begins an answer that has no end. */
#define HF_HALVES_ENDLESS "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nbegins"

HfRawServer *hf_halves_new_server (HfHalves *self);
void         hf_halves_wait       (HfHalves *self);

G_END_DECLS
