/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-connection-config-private.h"

G_BEGIN_DECLS

typedef struct _HfShard HfShard;

typedef struct {
  GUri *uri;       /* owned */
  gint64 last_use; /* in microseconds of the clock */
  guint n_idle;    /* on a loop: how many connections are probably idle */
} HfShardOrigin;

/*
 * HfShard:
 *
 * One SoupSession with its private main context, used by one thread at a time; or one that belongs
 * to a loop, with the loop's context and for several requests at a time.
 *
 * A SoupSession must never be shared between threads: its connections to a host share an address
 * that is not locked, and its idle timers run without the locks of its users (libsoup 3.2.3; the
 * newest one, too).
 */
struct _HfShard {
  SoupSession *soup;           /* owned */
  GMainContext *context;       /* owned; iterated only by who has the shard */
  HfConnectionConfig *config;  /* owned; what the session was last set up for */
  GArray *origins;             /* owned; of HfShardOrigin: where it may have an idle connection */
  gint64 idle_since;           /* in microseconds of the clock */
  gboolean watches_tunnels;
  GList link;                  /* in the pool's idle list, guarded by its lock; or in the loop's */
  guint n_in_flight;           /* on a loop: how many requests it has */
  gboolean suspect;            /* on a loop, over HTTP/2: a request ended without an answer */
  guint n_abandoned;           /* on a loop: those that were given up and that libsoup still has */
  GPtrArray *connections;      /* owned; of GSocketConnection */
};

HfShard  *hf_shard_new        (HfConnectionConfig *config);
HfShard  *hf_shard_new_in     (HfConnectionConfig *config,
                               GMainContext       *context);
void      hf_shard_free       (HfShard            *self);
void      hf_shard_set_config (HfShard            *self,
                               HfConnectionConfig *config);
void      hf_shard_enter      (HfShard            *self);
void      hf_shard_leave      (HfShard            *self);
void      hf_shard_note       (HfShard            *self,
                               GUri               *uri,
                               gint64              now);
gboolean  hf_shard_is_stale   (HfShard            *self,
                               gint64              now,
                               guint               idle_timeout);
gboolean  hf_shard_has_too_many (HfShard          *self);
gboolean  hf_shard_take_idle  (HfShard            *self,
                               GUri               *uri,
                               gint64              now,
                               guint               idle_timeout);
void      hf_shard_add_idle   (HfShard            *self,
                               GUri               *uri,
                               gint64              now);
void      hf_shard_disconnect (HfShard            *self);
void      hf_shard_watch_tunnels (HfShard         *self);
gboolean  hf_shard_knows      (HfShard            *self,
                               GUri               *uri);

G_END_DECLS
