/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-progress-private.h"

#include "hf-future-private.h"

/* So often a change is told at most, about 20 times a second. */
#define TELL_EVERY (G_USEC_PER_SEC / 20)

enum {
  PROGRESS_BYTES_SENT,
  PROGRESS_BYTES_RECEIVED,
  PROGRESS_BYTES_TOTAL,
  PROGRESS_FRACTION,
  N_PROGRESS
};

static GParamSpec *progress_specs[N_PROGRESS];

void
hf_progress_init (HfProgress *self)
{
  g_mutex_init (&self->lock);
  self->bytes.total = -1;
  self->told = self->bytes;
}

void
hf_progress_clear (HfProgress *self)
{
  g_mutex_clear (&self->lock);
}

/* Returns: whether it is time to tell of it */
gboolean
hf_progress_set (HfProgress    *self,
                 const HfBytes *bytes,
                 gint64         now_us)
{
  gboolean tell;

  g_mutex_lock (&self->lock);
  self->bytes = *bytes;
  tell = now_us - self->told_at >= TELL_EVERY;
  if (tell)
    self->told_at = now_us;
  g_mutex_unlock (&self->lock);
  return tell;
}

HfBytes
hf_progress_get (HfProgress *self)
{
  HfBytes bytes;

  g_mutex_lock (&self->lock);
  bytes = self->bytes;
  g_mutex_unlock (&self->lock);
  return bytes;
}

/* By who works for the future, at @now_us of monotonic time. */
void
hf_future_set_bytes (HfFuture      *self,
                     const HfBytes *bytes,
                     gint64         now_us)
{
  if (hf_progress_set (hf_future_peek_progress (self), bytes, now_us))
    hf_future_queue_notify (self);
}

static double
bytes_get_fraction (const HfBytes *bytes)
{
  if (bytes->total <= 0)
    return 0;
  return MIN (1.0, (bytes->receiving ? bytes->received : bytes->sent) / (double) bytes->total);
}

void
hf_progress_install_properties (GObjectClass *object_class,
                                guint         first_id)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  /**
   * HfFuture:bytes-sent: (attributes org.gtk.Property.get=hf_future_get_bytes_sent)
   *
   * How much of the request's body has been sent, in bytes. After a redirect it counts anew.
   *
   * This and what follows is told about 20 times a second at most, and when the future settles.
   *
   * Since: 1.0
   */
  progress_specs[PROGRESS_BYTES_SENT] =
    g_param_spec_uint64 ("bytes-sent", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * HfFuture:bytes-received: (attributes org.gtk.Property.get=hf_future_get_bytes_received)
   *
   * How much of the response's body has come, in bytes on the wire, so before decoding.
   *
   * Since: 1.0
   */
  progress_specs[PROGRESS_BYTES_RECEIVED] =
    g_param_spec_uint64 ("bytes-received", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * HfFuture:bytes-total: (attributes org.gtk.Property.get=hf_future_get_bytes_total)
   *
   * How long the body is that is being transferred, in bytes on the wire; -1 while that is not
   * known, and for bodies whose length is not announced.
   *
   * That is the request's body until the response's headers are there, and from then on the
   * response's.
   *
   * Since: 1.0
   */
  progress_specs[PROGRESS_BYTES_TOTAL] =
    g_param_spec_int64 ("bytes-total", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * HfFuture:fraction: (attributes org.gtk.Property.get=hf_future_get_fraction)
   *
   * How much of [property@Future:bytes-total] has been transferred, from 0 to 1, for a progress
   * bar; 0 when the length is not known.
   *
   * When there is a body both ways, it goes from 0 to 1 while the request's is sent, and once more
   * while the response's comes.
   *
   * Since: 1.0
   */
  progress_specs[PROGRESS_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);

  for (guint i = 0; i < N_PROGRESS; i++)
    g_object_class_install_property (object_class, first_id + i, progress_specs[i]);
}

void
hf_progress_get_property (HfProgress *self,
                          guint       property,
                          GValue     *value)
{
  HfBytes bytes = hf_progress_get (self);

  switch (property)
    {
    case PROGRESS_BYTES_SENT:
      g_value_set_uint64 (value, bytes.sent);
      break;
    case PROGRESS_BYTES_RECEIVED:
      g_value_set_uint64 (value, bytes.received);
      break;
    case PROGRESS_BYTES_TOTAL:
      g_value_set_int64 (value, bytes.total);
      break;
    case PROGRESS_FRACTION:
      g_value_set_double (value, bytes_get_fraction (&bytes));
      break;
    default:
      g_assert_not_reached ();
    }
}

/* In the future's context: tells of what has changed since it last did. */
void
hf_progress_emit_notify (HfProgress *self,
                         GObject    *object)
{
  HfBytes now = hf_progress_get (self);
  HfBytes before = self->told;

  self->told = now;
  if (now.sent != before.sent)
    g_object_notify_by_pspec (object, progress_specs[PROGRESS_BYTES_SENT]);
  if (now.received != before.received)
    g_object_notify_by_pspec (object, progress_specs[PROGRESS_BYTES_RECEIVED]);
  if (now.total != before.total)
    g_object_notify_by_pspec (object, progress_specs[PROGRESS_BYTES_TOTAL]);
  if (bytes_get_fraction (&now) > bytes_get_fraction (&before) ||
      bytes_get_fraction (&now) < bytes_get_fraction (&before))
    g_object_notify_by_pspec (object, progress_specs[PROGRESS_FRACTION]);
}

/**
 * hf_future_get_bytes_sent:
 * @self: a future
 *
 * Gives [property@Future:bytes-sent]. Any thread may ask.
 *
 * Returns: how much of the request's body has been sent, in bytes
 *
 * Since: 1.0
 */
guint64
hf_future_get_bytes_sent (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), 0);

  return hf_progress_get (hf_future_peek_progress (self)).sent;
}

/**
 * hf_future_get_bytes_received:
 * @self: a future
 *
 * Gives [property@Future:bytes-received]. Any thread may ask.
 *
 * Returns: how much of the response's body has come, in bytes on the wire
 *
 * Since: 1.0
 */
guint64
hf_future_get_bytes_received (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), 0);

  return hf_progress_get (hf_future_peek_progress (self)).received;
}

/**
 * hf_future_get_bytes_total:
 * @self: a future
 *
 * Gives [property@Future:bytes-total]. Any thread may ask.
 *
 * Returns: how long the body that is being transferred is, in bytes on the wire; -1 when that is
 *   not known
 *
 * Since: 1.0
 */
gint64
hf_future_get_bytes_total (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), -1);

  return hf_progress_get (hf_future_peek_progress (self)).total;
}

/**
 * hf_future_get_fraction:
 * @self: a future
 *
 * Gives [property@Future:fraction]. Any thread may ask.
 *
 * Returns: how much of the body has been transferred, from 0 to 1
 *
 * Since: 1.0
 */
double
hf_future_get_fraction (HfFuture *self)
{
  HfBytes bytes;

  g_return_val_if_fail (HF_IS_FUTURE (self), 0);

  bytes = hf_progress_get (hf_future_peek_progress (self));
  return bytes_get_fraction (&bytes);
}
