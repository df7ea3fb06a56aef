/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfMailbox HfMailbox;

typedef struct _HfMailboxCall HfMailboxCall;

typedef gboolean (*HfConditionFunc) (gpointer user_data);

HfMailbox *hf_mailbox_ref_current (void);
HfMailbox *hf_mailbox_ref         (HfMailbox       *mailbox);
void       hf_mailbox_unref       (HfMailbox       *mailbox);

void       hf_mailbox_wake        (HfMailbox       *mailbox);
gboolean   hf_mailbox_wait_for    (HfMailbox       *mailbox,
                                   HfConditionFunc  condition,
                                   gpointer         user_data,
                                   gint64           timeout_us,
                                   GCancellable    *cancellable);

HfMailboxCall *hf_mailbox_post    (HfMailbox       *mailbox,
                                   GMainContext    *context,
                                   GDestroyNotify   func,
                                   GDestroyNotify   dropped,
                                   gpointer         user_data);

void       hf_mailbox_call_unref  (HfMailboxCall   *call);
void       hf_mailbox_call_revoke (HfMailboxCall   *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfMailbox, hf_mailbox_unref)

G_END_DECLS
