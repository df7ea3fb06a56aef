/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"
#include "hf-mailbox-private.h"

G_BEGIN_DECLS

typedef struct _HfHook HfHook;

struct _HfHook {
  gatomicrefcount ref_count;
  guint id;                /* const */
  HfResponseHook func;     /* const */
  gpointer user_data;      /* owned when destroy is set */
  GDestroyNotify destroy;  /* const */
  char *name;              /* owned, const; NULL: of func */
  GVariant *parameters;    /* owned, const, nullable: for the function of that name */
  GMainContext *context;   /* owned, const; NULL: runs on the worker */
  HfMailbox *mailbox;      /* owned, const; of the thread that added it; NULL: runs on the worker */
};

HfHook    *hf_hook_new            (HfResponseHook   func,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy,
                                   gboolean         in_context);
HfHook    *hf_hook_new_named      (const char      *name,
                                   GVariant        *parameters);
HfHook    *hf_hook_ref            (HfHook          *self);
void       hf_hook_unref          (HfHook          *self);

GPtrArray *hf_hook_list_new       (void);
GPtrArray *hf_hook_list_copy      (GPtrArray       *hooks);
gboolean   hf_hook_list_find      (GPtrArray       *hooks,
                                   guint            id,
                                   guint           *position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfHook, hf_hook_unref)

G_END_DECLS
