/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-packed-configs-private.h"

#include "hf-proxy-rules-private.h"
#include "hf-wire-private.h"

#define MOST_RESOLVERS 8

typedef struct {
  GProxyResolver *resolver; /* owned */
  guint64 number;
} Numbered;

struct _HfPackedConfigs {
  GMutex lock;
  GQueue resolvers;           /* of Numbered, the one that was used last first; guarded by lock */
  HfConnectionConfig *config; /* owned, nullable; guarded by lock: what was packed last */
  GBytes *packed;             /* owned, nullable; guarded by lock: that */
};

static void
numbered_free (gpointer data)
{
  Numbered *numbered = data;

  g_object_unref (numbered->resolver);
  g_free (numbered);
}

HfPackedConfigs *
hf_packed_configs_new (void)
{
  HfPackedConfigs *self = g_new0 (HfPackedConfigs, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->resolvers);
  return self;
}

void
hf_packed_configs_free (HfPackedConfigs *self)
{
  g_queue_clear_full (&self->resolvers, numbered_free);
  g_clear_pointer (&self->config, hf_connection_config_unref);
  g_clear_pointer (&self->packed, g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Workers serve several sessions, so a number is given once in a process. 0 is the system's. */
static guint64
packed_configs_number_locked (HfPackedConfigs *self,
                              GProxyResolver  *resolver)
{
  static GMutex lock;
  static guint64 n_given = 0; /* guarded by that lock */
  Numbered *numbered;

  if (resolver == NULL)
    return 0;

  for (GList *l = self->resolvers.head; l != NULL; l = l->next)
    {
      numbered = l->data;
      if (hf_proxy_resolver_equal (numbered->resolver, resolver))
        {
          g_queue_unlink (&self->resolvers, l);
          g_queue_push_head_link (&self->resolvers, l);
          return numbered->number;
        }
    }

  numbered = g_new (Numbered, 1);
  numbered->resolver = g_object_ref (resolver);
  g_mutex_lock (&lock);
  numbered->number = ++n_given;
  g_mutex_unlock (&lock);
  g_queue_push_head (&self->resolvers, numbered);
  if (self->resolvers.length > MOST_RESOLVERS)
    numbered_free (g_queue_pop_tail (&self->resolvers));
  return numbered->number;
}

/* A request with settings of its own has a configuration of its own, but most often the same. */
static gboolean
configs_are_same (HfConnectionConfig *a,
                  HfConnectionConfig *b)
{
  return a == b ||
         (hf_connection_config_equal (a, b) && g_strcmp0 (a->user_agent, b->user_agent) == 0 &&
          g_strcmp0 (a->accept_language, b->accept_language) == 0 &&
          a->io_timeout == b->io_timeout && a->decodes == b->decodes);
}

static GBytes *
packed_configs_pack_locked (HfPackedConfigs     *self,
                            HfConnectionConfig  *config,
                            GError             **error)
{
  guint64 number = packed_configs_number_locked (self, config->proxy_resolver);
  g_autoptr (GVariant) packed = hf_wire_pack_config (config, number, error);

  if (packed == NULL)
    return NULL;

  g_clear_pointer (&self->config, hf_connection_config_unref);
  g_clear_pointer (&self->packed, g_bytes_unref);
  self->config = hf_connection_config_ref (config);
  self->packed = g_variant_get_data_as_bytes (packed);
  return g_bytes_ref (self->packed);
}

/* Returns: (transfer full) (nullable): a serialized a{sv}; %NULL with @error set when some of it
 * cannot go to another process */
GBytes *
hf_packed_configs_pack (HfPackedConfigs     *self,
                        HfConnectionConfig  *config,
                        GError             **error)
{
  GBytes *packed;

  g_mutex_lock (&self->lock);
  if (self->config != NULL && configs_are_same (self->config, config))
    packed = g_bytes_ref (self->packed);
  else
    packed = packed_configs_pack_locked (self, config, error);
  g_mutex_unlock (&self->lock);
  return packed;
}
