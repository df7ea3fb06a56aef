/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * HfSharedStatus:
 *
 * Memory that a worker process and its parent both have, so that neither need tell the other about
 * what happens all the time. The parent believes nothing of it that could harm. All members are
 * read and written by the functions below.
 */
typedef struct {
  /* The parent's. */
  guint64 asked;      /* the number of the job that it has given last */
  guint32 listens;    /* it is to be told when something changes here */

  /* The worker's. */
  guint32 phase;
  guint64 begun;      /* the number of the job that it has begun last */
  guint64 sent;       /* bytes */
  gint64 to_send;     /* bytes; -1: not known */
  guint64 received;   /* bytes */
  gint64 announced;   /* bytes; -1: not known */
} HfSharedStatus;

HfSharedStatus *hf_shared_status_new  (int             *fd,
                                       GError         **error);
HfSharedStatus *hf_shared_status_map  (int              fd);
void            hf_shared_status_free (HfSharedStatus  *self);

/* Who reads a member sees what was set before it. */
#define hf_shared_status_get(self, member) (__atomic_load_n (&(self)->member, __ATOMIC_ACQUIRE))
#define hf_shared_status_set(self, member, value) \
  (__atomic_store_n (&(self)->member, (value), __ATOMIC_RELEASE))

void            hf_shared_status_listen       (HfSharedStatus *self);
gboolean        hf_shared_status_has_listener (HfSharedStatus *self);

G_END_DECLS
