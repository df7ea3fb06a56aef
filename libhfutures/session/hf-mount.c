/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mount-private.h"

#include <string.h>

#include "hf-validate-private.h"

struct _HfMount {
  gatomicrefcount ref_count;
  char *prefix;           /* owned; as the user gave it */
  const char *scheme;     /* static; when the prefix is no more than that */
  GUri *uri;              /* owned, nullable; else */
  HfTransport *transport; /* owned */
};

static const char *
scheme_of_prefix (const char *prefix)
{
  if (g_ascii_strcasecmp (prefix, "http://") == 0)
    return "http";
  return g_ascii_strcasecmp (prefix, "https://") == 0 ? "https" : NULL;
}

/* Returns: (transfer full) (nullable): the mount, or %NULL when the prefix cannot be that of a URI
 * which can be asked for */
HfMount *
hf_mount_new (const char   *prefix,
              HfTransport  *transport,
              GError      **error)
{
  const char *scheme = scheme_of_prefix (prefix);
  GUri *uri = scheme == NULL ? hf_validate_uri (prefix, NULL, error) : NULL;
  HfMount *self;

  if (scheme == NULL && uri == NULL)
    return NULL;

  self = g_new0 (HfMount, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->prefix = g_strdup (prefix);
  self->scheme = scheme;
  self->uri = uri;
  self->transport = g_object_ref (transport);
  return self;
}

HfMount *
hf_mount_ref (HfMount *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_mount_unref (HfMount *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->prefix);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_object_unref (self->transport);
  g_free (self);
}

/* Text is compared only behind the origin, so that no other host can have the prefix. */
static gboolean
mount_matches (HfMount *self,
               GUri    *uri)
{
  const char *query = self->uri != NULL ? g_uri_get_query (self->uri) : NULL;

  if (self->uri == NULL)
    return g_strcmp0 (g_uri_get_scheme (uri), self->scheme) == 0;
  if (!hf_uri_same_origin (uri, self->uri))
    return FALSE;
  if (query == NULL)
    return g_str_has_prefix (g_uri_get_path (uri), g_uri_get_path (self->uri));
  return g_str_equal (g_uri_get_path (uri), g_uri_get_path (self->uri)) &&
         g_uri_get_query (uri) != NULL && g_str_has_prefix (g_uri_get_query (uri), query);
}

/* Returns: (transfer full) (nullable): the others; %NULL when there are none */
GPtrArray *
hf_mount_list_without (GPtrArray  *mounts,
                       const char *prefix)
{
  GPtrArray *without = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_mount_unref);

  for (guint i = 0; mounts != NULL && i < mounts->len; i++)
    {
      HfMount *mount = g_ptr_array_index (mounts, i);

      if (!g_str_equal (mount->prefix, prefix))
        g_ptr_array_add (without, hf_mount_ref (mount));
    }

  if (without->len == 0)
    g_clear_pointer (&without, g_ptr_array_unref);
  return without;
}

static int
compare_prefixes (gconstpointer one,
                  gconstpointer other)
{
  const HfMount *const *first = one;
  const HfMount *const *second = other;
  gsize length = strlen ((*first)->prefix);
  gsize other_length = strlen ((*second)->prefix);

  return (length < other_length) - (length > other_length);
}

/* Returns: (transfer full): the same with another one, instead of that with the same prefix */
GPtrArray *
hf_mount_list_with (GPtrArray *mounts,
                    HfMount   *added)
{
  GPtrArray *with = hf_mount_list_without (mounts, added->prefix);

  if (with == NULL)
    with = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_mount_unref);
  g_ptr_array_add (with, hf_mount_ref (added));
  g_ptr_array_sort (with, compare_prefixes);
  return with;
}

/* Returns: (transfer none) (nullable): whose prefix is the longest that the URI has */
HfTransport *
hf_mount_list_find (GPtrArray *mounts,
                    GUri      *uri)
{
  for (guint i = 0; mounts != NULL && i < mounts->len; i++)
    {
      HfMount *mount = g_ptr_array_index (mounts, i);

      if (mount_matches (mount, uri))
        return mount->transport;
    }
  return NULL;
}
