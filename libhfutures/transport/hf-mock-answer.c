/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mock-call-private.h"

struct _HfMockAnswer {
  gatomicrefcount ref_count;

  GMutex lock;
  gboolean given;        /* guarded by lock */
  HfResponse *response;  /* owned, nullable; const once given, until it is taken */
  GError *error;         /* owned, nullable; the same */
  HfMailbox *mailbox;    /* owned, nullable; guarded by lock: of the thread that waits */
  GTask *task;           /* owned, nullable; guarded by lock: what completes on a loop */
};

HfMockAnswer *
hf_mock_answer_new (void)
{
  HfMockAnswer *self = g_new0 (HfMockAnswer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  return self;
}

HfMockAnswer *
hf_mock_answer_ref (HfMockAnswer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
hf_mock_answer_unref (HfMockAnswer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->response);
  g_clear_error (&self->error);
  g_clear_pointer (&self->mailbox, hf_mailbox_unref);
  g_clear_object (&self->task);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/*
 * hf_mock_answer_give:
 * @response: (transfer full) (nullable): the answer
 * @error: (transfer full) (nullable): why there is none
 *
 * Of any number of calls, on any thread, the first one counts.
 */
gboolean
hf_mock_answer_give (HfMockAnswer *self,
                     HfResponse   *response,
                     GError       *error)
{
  g_autoptr (HfMailbox) mailbox = NULL;
  g_autoptr (GTask) task = NULL;
  gboolean late;

  g_mutex_lock (&self->lock);
  late = self->given;
  if (!late)
    {
      self->given = TRUE;
      self->response = response;
      self->error = error;
      mailbox = g_steal_pointer (&self->mailbox);
      task = g_steal_pointer (&self->task);
    }
  g_mutex_unlock (&self->lock);

  if (late)
    {
      g_clear_object (&response);
      g_clear_error (&error);
      return FALSE;
    }

  if (mailbox != NULL)
    hf_mailbox_wake (mailbox);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
  return TRUE;
}

static gboolean
answer_is_given (gpointer user_data)
{
  HfMockAnswer *self = user_data;
  gboolean given;

  g_mutex_lock (&self->lock);
  given = self->given;
  g_mutex_unlock (&self->lock);
  return given;
}

/* Blocks until there is an answer; being cancelled is one. */
void
hf_mock_answer_wait (HfMockAnswer *self,
                     GCancellable *cancellable)
{
  g_autoptr (HfMailbox) mailbox = hf_mailbox_ref_current ();
  GError *error = NULL;

  g_mutex_lock (&self->lock);
  if (!self->given)
    self->mailbox = hf_mailbox_ref (mailbox);
  g_mutex_unlock (&self->lock);

  if (!hf_mailbox_wait_for (mailbox, answer_is_given, self, -1, cancellable) &&
      g_cancellable_set_error_if_cancelled (cancellable, &error))
    hf_mock_answer_give (self, NULL, error);
}

/* Has a task return when there is an answer. It is taken over. */
void
hf_mock_answer_set_task (HfMockAnswer *self,
                         GTask        *task)
{
  gboolean given;

  g_mutex_lock (&self->lock);
  given = self->given;
  if (!given)
    self->task = task;
  g_mutex_unlock (&self->lock);

  if (given)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/* Once there is an answer. Returns: (transfer full) (nullable): the response */
HfResponse *
hf_mock_answer_take (HfMockAnswer  *self,
                     GError       **error)
{
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  return g_steal_pointer (&self->response);
}
