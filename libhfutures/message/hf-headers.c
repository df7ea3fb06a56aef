/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-headers-private.h"

/**
 * HfHeaders:
 *
 * The header fields of a request or a response, with repetitions.
 *
 * Those of one name are in the order in which they were sent, which is the only one that matters
 * (RFC 9110 §5.3). A request keeps the order of all; in a response those whose names libsoup knows
 * come first.
 *
 * Names are compared without case (RFC 9110 §5.1). A list that a request or a response gave is
 * immutable; it may be read from any thread.
 *
 * Since: 1.0
 */

struct _HfHeaders {
  gatomicrefcount ref_count;
  GPtrArray *fields;        /* owned; atomic; name, value, name, value, …; changed only while not
                             * shared; NULL until it is needed when there is a list of libsoup's */
  SoupMessageHeaders *soup; /* owned, const, nullable */
};

typedef struct {
  SoupMessageHeadersIter soup;
  guint position;
} HfHeadersIter;

G_DEFINE_BOXED_TYPE (HfHeaders, hf_headers, hf_headers_ref, hf_headers_unref)

static HfHeaders *
headers_alloc (void)
{
  HfHeaders *self = g_new0 (HfHeaders, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

HfHeaders *
hf_headers_new (void)
{
  HfHeaders *self = headers_alloc ();

  self->fields = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/*
 * hf_headers_new_from_soup:
 *
 * Takes over what libsoup read. Nobody may change that list any more, and nobody may look values
 * up in it, because it caches them; going through it changes nothing, so threads can.
 */
HfHeaders *
hf_headers_new_from_soup (SoupMessageHeaders *soup)
{
  HfHeaders *self = headers_alloc ();

  self->soup = soup_message_headers_ref (soup);
  return self;
}

static void
headers_iter_init (HfHeaders     *self,
                   HfHeadersIter *iter)
{
  iter->position = 0;
  if (self->soup != NULL)
    soup_message_headers_iter_init (&iter->soup, self->soup);
}

static gboolean
headers_iter_next (HfHeaders      *self,
                   HfHeadersIter  *iter,
                   const char    **name,
                   const char    **value)
{
  if (self->soup != NULL)
    return soup_message_headers_iter_next (&iter->soup, name, value);

  if (iter->position >= self->fields->len)
    return FALSE;
  *name = g_ptr_array_index (self->fields, iter->position++);
  *value = g_ptr_array_index (self->fields, iter->position++);
  return TRUE;
}

/* The fields by their number, laid out on first use. */
static GPtrArray *
headers_get_fields (HfHeaders *self)
{
  GPtrArray *fields = g_atomic_pointer_get (&self->fields);
  HfHeadersIter iter;
  const char *name;
  const char *value;

  if (fields != NULL)
    return fields;

  fields = g_ptr_array_new_with_free_func (g_free);
  headers_iter_init (self, &iter);
  while (headers_iter_next (self, &iter, &name, &value))
    {
      g_ptr_array_add (fields, g_strdup (name));
      g_ptr_array_add (fields, g_strdup (value));
    }

  if (!g_atomic_pointer_compare_and_exchange (&self->fields, NULL, fields))
    g_ptr_array_unref (fields); /* another thread was faster */
  return g_atomic_pointer_get (&self->fields);
}

HfHeaders *
hf_headers_copy (HfHeaders *self)
{
  HfHeaders *copy = hf_headers_new ();
  HfHeadersIter iter;
  const char *name;
  const char *value;

  headers_iter_init (self, &iter);
  while (headers_iter_next (self, &iter, &name, &value))
    hf_headers_append (copy, name, value);
  return copy;
}

/**
 * hf_headers_ref:
 * @self: a list of header fields
 *
 * Takes a reference. Any thread may do so.
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
HfHeaders *
hf_headers_ref (HfHeaders *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * hf_headers_unref:
 * @self: (transfer full): a list of header fields
 *
 * Gives up a reference. Any thread may do so.
 *
 * Since: 1.0
 */
void
hf_headers_unref (HfHeaders *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->soup, soup_message_headers_unref);
  g_free (self);
}

/* Whether somebody else has a reference, so that changes must be made to a copy. */
gboolean
hf_headers_is_shared (HfHeaders *self)
{
  return !g_atomic_ref_count_compare (&self->ref_count, 1);
}

void
hf_headers_append (HfHeaders  *self,
                   const char *name,
                   const char *value)
{
  g_assert (!hf_headers_is_shared (self) && self->soup == NULL);

  g_ptr_array_add (self->fields, g_strdup (name));
  g_ptr_array_add (self->fields, g_strdup (value));
}

void
hf_headers_remove (HfHeaders  *self,
                   const char *name)
{
  g_assert (!hf_headers_is_shared (self) && self->soup == NULL);

  for (guint i = hf_headers_get_n_items (self); i > 0; i--)
    if (g_ascii_strcasecmp (hf_headers_get_name (self, i - 1), name) == 0)
      g_ptr_array_remove_range (self->fields, 2 * (i - 1), 2);
}

/* Puts a field where the first one of that name was, in place of all of them. */
void
hf_headers_replace (HfHeaders  *self,
                    const char *name,
                    const char *value)
{
  guint position = 0;

  while (position < hf_headers_get_n_items (self) &&
         g_ascii_strcasecmp (hf_headers_get_name (self, position), name) != 0)
    position++;

  hf_headers_remove (self, name); /* none of them was before that */
  g_ptr_array_insert (self->fields, 2 * position, g_strdup (name));
  g_ptr_array_insert (self->fields, 2 * position + 1, g_strdup (value));
}

/* Returns: (nullable): the first value of that name */
const char *
hf_headers_peek (HfHeaders  *self,
                 const char *wanted)
{
  HfHeadersIter iter;
  const char *name;
  const char *value;

  headers_iter_init (self, &iter);
  while (headers_iter_next (self, &iter, &name, &value))
    if (g_ascii_strcasecmp (name, wanted) == 0)
      return value;
  return NULL;
}

/**
 * hf_headers_get_n_items:
 * @self: a list of header fields
 *
 * Counts the fields; a repeated name counts each time.
 *
 * Returns: the number of fields
 *
 * Since: 1.0
 */
guint
hf_headers_get_n_items (HfHeaders *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return headers_get_fields (self)->len / 2;
}

/**
 * hf_headers_get_name:
 * @self: a list of header fields
 * @position: which field, from 0
 *
 * Reads the name of a field: as it was set on a request; in a response as it was sent, or, where
 * libsoup knows it, in the usual spelling.
 *
 * Returns: (transfer none) (nullable): the name, owned by @self; %NULL behind the last field
 *
 * Since: 1.0
 */
const char *
hf_headers_get_name (HfHeaders *self,
                     guint      position)
{
  GPtrArray *fields;

  g_return_val_if_fail (self != NULL, NULL);

  fields = headers_get_fields (self);
  return position < fields->len / 2 ? g_ptr_array_index (fields, 2 * position) : NULL;
}

/**
 * hf_headers_get_value:
 * @self: a list of header fields
 * @position: which field, from 0
 *
 * Reads the value of a field. What a server sent that is not UTF-8 is replaced by U+FFFD.
 *
 * Returns: (transfer none) (nullable): the value, owned by @self; %NULL behind the last field
 *
 * Since: 1.0
 */
const char *
hf_headers_get_value (HfHeaders *self,
                      guint      position)
{
  GPtrArray *fields;

  g_return_val_if_fail (self != NULL, NULL);

  fields = headers_get_fields (self);
  return position < fields->len / 2 ? g_ptr_array_index (fields, 2 * position + 1) : NULL;
}

/**
 * hf_headers_lookup_all:
 * @self: a list of header fields
 * @name: a field name, in any case
 *
 * Finds the values of all fields of a name, in their order.
 *
 * Returns: (transfer full) (array zero-terminated=1): the values; empty when there is none
 *
 * Since: 1.0
 */
char **
hf_headers_lookup_all (HfHeaders  *self,
                       const char *name)
{
  g_autoptr (GStrvBuilder) values = NULL;
  HfHeadersIter iter;
  const char *found;
  const char *value;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  values = g_strv_builder_new ();
  headers_iter_init (self, &iter);
  while (headers_iter_next (self, &iter, &found, &value))
    if (g_ascii_strcasecmp (found, name) == 0)
      g_strv_builder_add (values, value);
  return g_strv_builder_end (values);
}

/**
 * hf_headers_lookup:
 * @self: a list of header fields
 * @name: a field name, in any case
 *
 * Finds the value of a field; the values of a repeated one are joined with commas
 * (RFC 9110 §5.3). `Set-Cookie` cannot be joined: use [method@Headers.lookup_all] for it.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL when there is no such field
 *
 * Since: 1.0
 */
char *
hf_headers_lookup (HfHeaders  *self,
                   const char *name)
{
  g_auto (GStrv) values = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  values = hf_headers_lookup_all (self, name);
  return values[0] != NULL ? g_strjoinv (", ", values) : NULL;
}
