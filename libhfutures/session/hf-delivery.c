/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-delivery-private.h"

#include <glib/gi18n-lib.h>

#include "hf-error-private.h"

/*
 * hf_delivery_init:
 * @destination: a #GFile or a #GOutputStream
 */
void
hf_delivery_init (HfDelivery *self,
                  GObject    *destination)
{
  *self = (HfDelivery){ 0 };
  if (G_IS_FILE (destination))
    self->file = G_FILE (g_object_ref (destination));
  else
    self->stream = G_OUTPUT_STREAM (g_object_ref (destination));
}

/* Removes what was not finished. */
void
hf_delivery_clear (HfDelivery *self)
{
  /* There may be a part without a stream: when its creation was just cancelled. */
  if (self->part != NULL && self->stream != NULL)
    g_output_stream_close (self->stream, NULL, NULL);
  if (self->part != NULL)
    g_file_delete (self->part, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->part);
  g_clear_object (&self->file);
}

/* Whether a file can take the place of what is there: not that of a device, which would be gone. */
static gboolean
check_replaced (GFileType   there,
                GError    **error)
{
  if (there == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, g_strerror (EISDIR));
      return FALSE;
    }
  if (there == G_FILE_TYPE_SPECIAL)
    {
      hf_init_i18n ();
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                           _("it is not a regular file"));
      return FALSE;
    }
  return TRUE;
}

/* Names what the file is called until it is complete: g_file_replace() would write a file that is
 * not there yet under its own name. */
static gboolean
delivery_name_part (HfDelivery  *self,
                    GError     **error)
{
  g_autofree char *unique = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (".download-", unique, NULL);
  g_autoptr (GFile) folder = g_file_get_parent (self->file);

  if (folder == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, g_strerror (EISDIR));
      return FALSE;
    }

  self->part = g_file_get_child (folder, name);
  return TRUE;
}

/* Makes the file. */
gboolean
hf_delivery_begin (HfDelivery    *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  if (self->file == NULL)
    return TRUE;

  if (!check_replaced (g_file_query_file_type (self->file, G_FILE_QUERY_INFO_NONE, cancellable),
                       error) ||
      !delivery_name_part (self, error))
    return FALSE;
  self->stream =
    (GOutputStream *) g_file_create (self->part, G_FILE_CREATE_NONE, cancellable, error);
  return self->stream != NULL;
}

static const GFileCopyFlags move_flags = G_FILE_COPY_OVERWRITE | G_FILE_COPY_NO_FALLBACK_FOR_MOVE;

/* Everything has been written. */
gboolean
hf_delivery_finish (HfDelivery    *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  if (self->file == NULL)
    return g_output_stream_flush (self->stream, cancellable, error);

  if (!g_output_stream_close (self->stream, cancellable, error) ||
      !g_file_move (self->part, self->file, move_flags, cancellable, NULL, NULL, error))
    return FALSE;

  g_clear_object (&self->part);
  return TRUE;
}

/* One step of an asynchronous delivery. */
typedef struct {
  HfDelivery *delivery;       /* not owned */
  GCancellable *cancellable;  /* owned, nullable */
  HfDeliveryFunc func;
  gpointer user_data;
} Step;

static Step *
step_new (HfDelivery     *delivery,
          GCancellable   *cancellable,
          HfDeliveryFunc  func,
          gpointer        user_data)
{
  Step *self = g_new0 (Step, 1);

  *self = (Step){ delivery, NULL, func, user_data };
  g_set_object (&self->cancellable, cancellable);
  return self;
}

static void
step_end (Step   *self,
          GError *error)
{
  self->func (error, self->user_data);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
on_created (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Step *step = user_data;
  GError *error = NULL;

  step->delivery->stream = (GOutputStream *) g_file_create_finish (G_FILE (source), result, &error);
  step_end (step, error);
}

static void
on_queried (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Step *step = user_data;
  HfDelivery *self = step->delivery;
  g_autoptr (GFileInfo) there = g_file_query_info_finish (G_FILE (source), result, NULL);
  GError *error = NULL;

  if ((there != NULL && !check_replaced (g_file_info_get_file_type (there), &error)) ||
      !delivery_name_part (self, &error))
    {
      step_end (step, error);
      return;
    }

  g_file_create_async (self->part, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, step->cancellable,
                       on_created, step);
}

void
hf_delivery_begin_async (HfDelivery     *self,
                         GCancellable   *cancellable,
                         HfDeliveryFunc  func,
                         gpointer        user_data)
{
  if (self->file == NULL)
    {
      func (NULL, user_data);
      return;
    }

  g_file_query_info_async (self->file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, cancellable, on_queried,
                           step_new (self, cancellable, func, user_data));
}

static void
on_flushed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GError *error = NULL;

  g_output_stream_flush_finish (G_OUTPUT_STREAM (source), result, &error);
  step_end (user_data, error);
}

static void
on_moved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Step *step = user_data;
  GError *error = NULL;

  if (g_file_move_finish (G_FILE (source), result, &error))
    g_clear_object (&step->delivery->part);
  step_end (step, error);
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Step *step = user_data;
  HfDelivery *self = step->delivery;
  GError *error = NULL;

  if (!g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error))
    {
      step_end (step, error);
      return;
    }

  g_file_move_async (self->part, self->file, move_flags, G_PRIORITY_DEFAULT, step->cancellable,
                     NULL, NULL, on_moved, step);
}

void
hf_delivery_finish_async (HfDelivery     *self,
                          GCancellable   *cancellable,
                          HfDeliveryFunc  func,
                          gpointer        user_data)
{
  Step *step = step_new (self, cancellable, func, user_data);

  if (self->file == NULL)
    g_output_stream_flush_async (self->stream, G_PRIORITY_DEFAULT, cancellable, on_flushed, step);
  else
    g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, cancellable, on_closed, step);
}

static void
on_abandoned (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GFile) part = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
  g_file_delete_async (part, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

/* Has removed what was not finished. */
void
hf_delivery_abandon_async (HfDelivery *self)
{
  g_autoptr (GFile) part = g_steal_pointer (&self->part);

  if (part != NULL && self->stream != NULL)
    g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, on_abandoned,
                                 g_steal_pointer (&part));
  else if (part != NULL)
    g_file_delete_async (part, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}
