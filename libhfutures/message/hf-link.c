/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-link-private.h"

#include <libsoup/soup.h>
#include <string.h>

#include "hf-validate-private.h"

/**
 * HfLink:
 *
 * A link of a `Link` header field (RFC 8288), as [method@Response.get_links] gives it: where it
 * leads, and what that is to the resource that was asked for.
 *
 * It never changes, and may be read from any thread.
 *
 * Since: 1.0
 */

struct _HfLink {
  gatomicrefcount ref_count;

  char *uri;          /* owned */
  GHashTable *params; /* owned; nullable values */
};

G_DEFINE_BOXED_TYPE (HfLink, hf_link, hf_link_ref, hf_link_unref)

/* Whether the quoted string that begins here has an end. Returns: where that is, or %NULL */
static const char *
skip_quoted (const char *c)
{
  for (c++; *c != '\0' && *c != '"'; c++)
    if (*c == '\\' && c[1] != '\0')
      c++;
  return *c == '"' ? c + 1 : NULL;
}

/* Returns: the end of the parameters that begin here: a comma outside of quotes, or the very end */
static const char *
skip_params (const char *c)
{
  while (*c != '\0' && *c != ',')
    {
      const char *after = *c == '"' ? skip_quoted (c) : c + 1;

      if (after == NULL)
        return c + strlen (c);
      c = after;
    }
  return c;
}

/* Extended notation (RFC 8187) may have brought anything in. */
static gboolean
param_is_no_text (gpointer key,
                  gpointer value,
                  gpointer user_data)
{
  return !g_utf8_validate (key, -1, NULL) || (value != NULL && !g_utf8_validate (value, -1, NULL));
}

/* Returns: (transfer full) (nullable): a link, unless it leads to no place at all */
static HfLink *
link_new (const char *reference,
          const char *params,
          GUri       *base)
{
  g_autoptr (GUri) uri = hf_is_field_value (reference) ? hf_uri_parse (reference, base) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  HfLink *self;

  if (uri == NULL || (host != NULL && *host != '\0' && !hf_is_host (host)))
    return NULL;

  self = g_new0 (HfLink, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->uri = g_uri_to_string (uri);
  self->params = soup_header_parse_semi_param_list (params);
  g_hash_table_foreach_remove (self->params, param_is_no_text, NULL);
  return self;
}

/*
 * hf_link_parse_all:
 * @fields: the values of Link fields
 * @base: what links are relative to
 *
 * What cannot be read is left out.
 *
 * Returns: (transfer full) (element-type HfLink): all links, in their order
 */
GPtrArray *
hf_link_parse_all (const char *const *fields,
                   GUri              *base)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) hf_link_unref);

  for (guint i = 0; fields[i] != NULL; i++)
    for (const char *begin = strchr (fields[i], '<'); begin != NULL; begin = strchr (begin, '<'))
      {
        const char *end = strchr (begin, '>');
        const char *after = end != NULL ? skip_params (end + 1) : NULL;
        g_autofree char *reference = NULL;
        g_autofree char *params = NULL;
        HfLink *link;

        if (end == NULL)
          break;

        reference = g_strndup (begin + 1, end - begin - 1);
        end += 1 + strspn (end + 1, " \t;");
        params = g_strndup (end, MAX (after - end, 0));
        link = link_new (reference, params, base);
        if (link != NULL)
          g_ptr_array_add (links, link);
        begin = after;
      }
  return links;
}

/**
 * hf_link_ref:
 * @self: a link
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfLink *
hf_link_ref (HfLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * hf_link_unref:
 * @self: (transfer full): a link
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_link_unref (HfLink *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->uri);
  soup_header_free_param_list (self->params);
  g_free (self);
}

/**
 * hf_link_get_uri:
 * @self: a link
 *
 * Tells where the link leads.
 *
 * Returns: (transfer none): an absolute URI, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_link_get_uri (HfLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

/**
 * hf_link_get_relation:
 * @self: a link
 *
 * Tells what the link leads to: one relation type such as `next`, or several with spaces between
 * them (RFC 8288 §3.3).
 *
 * Returns: (transfer none): the value of `rel`, owned by @self; empty when there is none
 *
 * Since: 1.0
 */
const char *
hf_link_get_relation (HfLink *self)
{
  const char *relation;

  g_return_val_if_fail (self != NULL, NULL);

  relation = g_hash_table_lookup (self->params, "rel");
  return relation != NULL ? relation : "";
}

/**
 * hf_link_has_relation:
 * @self: a link
 * @relation: a relation type, such as `next`
 *
 * Tells whether the link is of a relation type; case does not matter.
 *
 * Returns: whether it is
 *
 * Since: 1.0
 */
gboolean
hf_link_has_relation (HfLink     *self,
                      const char *relation)
{
  g_auto (GStrv) relations = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (relation != NULL, FALSE);

  relations = g_strsplit_set (hf_link_get_relation (self), " \t", -1);
  for (guint i = 0; relations[i] != NULL; i++)
    if (g_ascii_strcasecmp (relations[i], relation) == 0)
      return TRUE;
  return FALSE;
}

/**
 * hf_link_list_params:
 * @self: a link
 *
 * Lists the names of the link's parameters, `rel` among them, in no order.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
char **
hf_link_list_params (HfLink *self)
{
  g_autofree const char **names = NULL;
  guint n_names;

  g_return_val_if_fail (self != NULL, NULL);

  names = (const char **) g_hash_table_get_keys_as_array (self->params, &n_names);
  return g_strdupv ((char **) names);
}

/**
 * hf_link_get_param:
 * @self: a link
 * @name: the name of a parameter, such as `title`; case does not matter
 *
 * Gives a parameter of the link.
 *
 * Returns: (transfer none) (nullable): its value, owned by @self; %NULL when there is none
 *
 * Since: 1.0
 */
const char *
hf_link_get_param (HfLink     *self,
                   const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->params, name);
}
