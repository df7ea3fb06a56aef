/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * HfTestGates:
 *
 * Answers that wait: each under a name until that name is opened. Used on the server's thread only.
 */
typedef struct _HfTestGates HfTestGates;

HfTestGates *hf_test_gates_new  (void);
void         hf_test_gates_free (HfTestGates       *self);
/* Pauses the message, unless the gate is open already. */
void         hf_test_gates_hold (HfTestGates       *self,
                                 const char        *name,
                                 SoupServerMessage *message);
/* Lets everything under that name go on, now and from now on. */
void         hf_test_gates_open (HfTestGates       *self,
                                 const char        *name);
/* Forgets what is held: its server ends. */
void         hf_test_gates_drop (HfTestGates       *self);

G_END_DECLS
