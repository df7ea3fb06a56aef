/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * HfBlockingScope:
 *
 * What a worker thread wants to hear about blocking waits that happen on it. A worker that waits
 * does no work, so its executor lends its place to another one meanwhile: otherwise jobs that wait
 * for jobs could fill all places and wait for ever.
 */
typedef struct {
  void (*enter) (gpointer user_data); /* NULL: the thread must not block */
  void (*leave) (gpointer user_data);
  gpointer user_data;
} HfBlockingScope;

const HfBlockingScope *hf_blocking_scope_swap (const HfBlockingScope *scope);
const HfBlockingScope *hf_blocking_enter      (void);
void                   hf_blocking_leave      (const HfBlockingScope *scope);
gboolean               hf_blocking_is_forbidden (void);

G_END_DECLS
