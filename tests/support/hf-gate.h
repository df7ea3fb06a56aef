/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A counter that threads can wait for, instead of sleeping. */
typedef struct {
  GMutex lock;
  GCond changed;
  guint count; /* guarded by lock */
} HfGate;

#define HF_GATE_INIT { { NULL }, { NULL }, 0 }

void     hf_gate_pass       (HfGate  *gate);
void     hf_gate_open       (HfGate  *gate);
void     hf_gate_wait       (HfGate  *gate,
                             guint    count);
gboolean hf_gate_has_passed (HfGate  *gate,
                             guint    count);
/* Iterates the default context meanwhile. */
void     hf_assert_passes   (HfGate  *gate,
                             guint    count);

/* Waits until the object is finalized, iterating the default context meanwhile; gives the
 * caller's reference up first. Fails after a minute. */
void     hf_assert_finalizes (gpointer object);

/* The same for any condition that another thread brings about. */
void     hf_assert_becomes   (gboolean (*condition) (gpointer),
                              gpointer   user_data);

G_END_DECLS
