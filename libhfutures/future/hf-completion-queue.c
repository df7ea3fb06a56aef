/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-completion-queue.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#include "hf-future-private.h"
#include "hf-mailbox-private.h"

/**
 * HfCompletionQueue:
 *
 * Gives futures in the order in which they settle.
 *
 * Futures go in with [method@CompletionQueue.add], at any time, and come out of
 * [method@CompletionQueue.pop] or [method@CompletionQueue.pop_async] when they have settled. The
 * queue has no reference to what it gave. Adding and taking cost the same however many futures are
 * in it. Dropping the queue neither cancels nor settles anything.
 *
 * Every function may be called from any thread; several threads may take from one queue, and each
 * future is given to one of them.
 *
 * Since: 1.0
 */

/* What the queue shares with the futures that it waits for; these may settle after its end. */
typedef struct {
  gatomicrefcount ref_count;
  GMutex lock;
  GQueue pending;      /* of HfCompletion, by their own links; guarded by lock */
  GQueue ready;        /* the same */
  GPtrArray *sleepers; /* of HfMailbox, each of a thread that is in pop(); guarded by lock */
  GQueue tasks;        /* of GTask that wait, each a reference; guarded by lock */
  int fds[2];          /* a pipe with one byte in it while something is ready; -1: not made yet;
                        * guarded by lock */
} HfCompletions;

/* A future in the queue. One reference is of the list that it is in, one of the future's waiter. */
typedef struct {
  gatomicrefcount ref_count;
  HfCompletions *completions; /* owned, const */
  HfFuture *future;           /* owned */
  GQueue *list;               /* which it is in, or NULL; guarded by the lock of completions */
  GList link;                 /* guarded by the lock of completions */
} HfCompletion;

struct _HfCompletionQueue {
  GObject parent_instance;

  HfCompletions *completions; /* owned, const */
};

G_DEFINE_FINAL_TYPE (HfCompletionQueue, hf_completion_queue, G_TYPE_OBJECT)

static void
completions_unref (HfCompletions *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_assert (self->pending.length == 0 && self->ready.length == 0 && self->tasks.length == 0);
  if (self->fds[0] >= 0)
    {
      close (self->fds[0]);
      close (self->fds[1]);
    }
  g_ptr_array_unref (self->sleepers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
completion_unref (gpointer data)
{
  HfCompletion *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->future);
  completions_unref (self->completions);
  g_free (self);
}

static void
completions_move_locked (HfCompletions *self,
                         HfCompletion  *completion,
                         GQueue        *to)
{
  if (completion->list != NULL)
    g_queue_unlink (completion->list, &completion->link);
  completion->list = to;
  if (to != NULL)
    g_queue_push_tail_link (to, &completion->link);
}

/* Makes the descriptor readable when the first becomes ready, and unreadable with the last. */
static void
completions_signal_locked (HfCompletions *self,
                           gboolean       readable)
{
  char byte = 0;

  if (self->fds[0] < 0)
    return;

  /* The pipe has room for the one byte, and has it when it is read: only signals can disturb. */
  while ((readable ? write (self->fds[1], &byte, 1) : read (self->fds[0], &byte, 1)) < 0 &&
         errno == EINTR)
    ;
}

/* Returns: (transfer full) (nullable): what settled first, in no list any more */
static HfCompletion *
completions_take_locked (HfCompletions *self)
{
  HfCompletion *completion = g_queue_peek_head (&self->ready);

  if (completion == NULL)
    return NULL;

  completions_move_locked (self, completion, NULL);
  if (self->ready.length == 0)
    completions_signal_locked (self, FALSE);
  return completion;
}

/* Returns: (transfer full) (nullable): its future */
static HfFuture *
completion_free_to_future (HfCompletion *completion)
{
  HfFuture *future;

  if (completion == NULL)
    return NULL;

  future = g_object_ref (completion->future);
  completion_unref (completion);
  return future;
}

typedef struct {
  gulong cancelled_handler; /* const once the task waits */
} HfPopTask;

/* Returns a task that is not in the list any more. Takes both over. */
static void
return_pop_task (GTask    *task,
                 HfFuture *future)
{
  HfPopTask *data = g_task_get_task_data (task);

  if (data->cancelled_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), data->cancelled_handler);
  g_task_return_pointer (task, future, g_object_unref);
  g_object_unref (task);
}

/* Gives what is ready to the tasks that wait, and has the threads that wait look. */
static void
completions_serve (HfCompletions *self)
{
  for (;;)
    {
      GTask *task = NULL;
      HfCompletion *completion = NULL;

      g_mutex_lock (&self->lock);
      if (self->ready.length > 0 || self->pending.length == 0)
        task = g_queue_pop_head (&self->tasks);
      if (task != NULL)
        completion = completions_take_locked (self);
      for (guint i = 0; task == NULL && i < self->sleepers->len; i++)
        hf_mailbox_wake (g_ptr_array_index (self->sleepers, i));
      g_mutex_unlock (&self->lock);

      if (task == NULL)
        return;
      return_pop_task (task, completion_free_to_future (completion));
    }
}

static void
on_settled (HfFuture *future,
            gpointer  user_data)
{
  HfCompletion *completion = user_data;
  HfCompletions *self = completion->completions;
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = completion->list == &self->pending;
  if (wanted)
    {
      completions_move_locked (self, completion, &self->ready);
      if (self->ready.length == 1)
        completions_signal_locked (self, TRUE);
    }
  g_mutex_unlock (&self->lock);

  if (wanted)
    completions_serve (self);
}

static void
hf_completion_queue_dispose (GObject *object)
{
  HfCompletions *completions = HF_COMPLETION_QUEUE (object)->completions;
  HfCompletion *completion;

  /* A task has a reference to the queue, so none waits. */
  for (;;)
    {
      g_mutex_lock (&completions->lock);
      completion = g_queue_peek_head (&completions->pending);
      if (completion == NULL)
        completion = g_queue_peek_head (&completions->ready);
      if (completion != NULL)
        completions_move_locked (completions, completion, NULL);
      g_mutex_unlock (&completions->lock);

      if (completion == NULL)
        break;
      hf_future_remove_waiter (completion->future, 0, completion);
      completion_unref (completion);
    }

  G_OBJECT_CLASS (hf_completion_queue_parent_class)->dispose (object);
}

static void
hf_completion_queue_finalize (GObject *object)
{
  completions_unref (HF_COMPLETION_QUEUE (object)->completions);

  G_OBJECT_CLASS (hf_completion_queue_parent_class)->finalize (object);
}

static void
hf_completion_queue_class_init (HfCompletionQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = hf_completion_queue_dispose;
  object_class->finalize = hf_completion_queue_finalize;
}

static void
hf_completion_queue_init (HfCompletionQueue *self)
{
  HfCompletions *completions = g_new0 (HfCompletions, 1);

  g_atomic_ref_count_init (&completions->ref_count);
  g_mutex_init (&completions->lock);
  completions->sleepers = g_ptr_array_new ();
  completions->fds[0] = -1;
  self->completions = completions;
}

/**
 * hf_completion_queue_new:
 *
 * Makes an empty queue.
 *
 * Returns: (transfer full): a queue
 *
 * Since: 1.0
 */
HfCompletionQueue *
hf_completion_queue_new (void)
{
  return g_object_new (HF_TYPE_COMPLETION_QUEUE, NULL);
}

/**
 * hf_completion_queue_new_for_futures:
 * @futures: (array length=n_futures) (transfer none): futures
 * @n_futures: how many there are
 *
 * Makes a queue of futures. Those that have settled already come first, in this order.
 *
 * Returns: (transfer full): a queue
 *
 * Since: 1.0
 */
HfCompletionQueue *
hf_completion_queue_new_for_futures (HfFuture **futures,
                                     gsize      n_futures)
{
  g_autoptr (HfCompletionQueue) self = hf_completion_queue_new ();

  g_return_val_if_fail (futures != NULL || n_futures == 0, NULL);

  for (gsize i = 0; i < n_futures; i++)
    hf_completion_queue_add (self, futures[i]);
  return g_steal_pointer (&self);
}

/**
 * hf_completion_queue_add:
 * @self: a queue
 * @future: a future, settled or not
 *
 * Has the queue give @future when it has settled. One that is added twice is given twice.
 *
 * Since: 1.0
 */
void
hf_completion_queue_add (HfCompletionQueue *self,
                         HfFuture          *future)
{
  HfCompletions *completions;
  HfCompletion *completion;

  g_return_if_fail (HF_IS_COMPLETION_QUEUE (self));
  g_return_if_fail (HF_IS_FUTURE (future));

  completions = self->completions;
  completion = g_new0 (HfCompletion, 1);
  g_atomic_ref_count_init (&completion->ref_count); /* the list's */
  g_atomic_ref_count_inc (&completion->ref_count); /* the waiter's */
  g_atomic_ref_count_inc (&completions->ref_count);
  completion->completions = completions;
  completion->future = g_object_ref (future);
  completion->link.data = completion;

  g_mutex_lock (&completions->lock);
  completions_move_locked (completions, completion, &completions->pending);
  g_mutex_unlock (&completions->lock);

  if (hf_future_add_waiter (future, on_settled, completion, completion_unref) == 0)
    {
      on_settled (future, completion);
      completion_unref (completion);
    }
}

/**
 * hf_completion_queue_get_n_items:
 * @self: a queue
 *
 * Counts the futures that the queue has yet to give, settled or not.
 *
 * Returns: their number
 *
 * Since: 1.0
 */
guint
hf_completion_queue_get_n_items (HfCompletionQueue *self)
{
  HfCompletions *completions;
  guint n_items;

  g_return_val_if_fail (HF_IS_COMPLETION_QUEUE (self), 0);

  completions = self->completions;
  g_mutex_lock (&completions->lock);
  n_items = completions->pending.length + completions->ready.length;
  g_mutex_unlock (&completions->lock);
  return n_items;
}

/* Whether nothing can become ready for as long as this thread waits; also when nothing is left. */
static gboolean
completions_is_hopeless_locked (HfCompletions *self)
{
  for (GList *l = self->pending.head; l != NULL; l = l->next)
    if (!hf_future_would_block (((HfCompletion *) l->data)->future))
      return FALSE;
  return TRUE;
}

typedef struct {
  HfCompletions *completions;
  HfCompletion *taken; /* owned, nullable */
} HfPop;

static gboolean
pop_is_over (gpointer user_data)
{
  HfPop *pop = user_data;
  HfCompletions *completions = pop->completions;
  gboolean over;

  g_mutex_lock (&completions->lock);
  pop->taken = completions_take_locked (completions);
  over = pop->taken != NULL || completions_is_hopeless_locked (completions);
  g_mutex_unlock (&completions->lock);
  return over;
}

/**
 * hf_completion_queue_pop:
 * @self: a queue
 * @timeout_us: for how long to wait at most, in microseconds; 0: not at all; negative: without
 *   limit
 * @cancellable: (nullable): ends the waiting, not the requests
 *
 * Blocks until a future has settled, and takes it out of the queue.
 *
 * It waits as [method@Future.wait] does: work that is bound to the calling thread is done
 * meanwhile, a worker lends its place to another one, and where all that is left runs in the
 * calling thread's own main loop this returns at once.
 *
 * Returns: (transfer full) (nullable): a settled future; %NULL when the queue is empty, the time is
 *   over, or the waiting was cancelled
 *
 * Since: 1.0
 */
HfFuture *
hf_completion_queue_pop (HfCompletionQueue *self,
                         gint64             timeout_us,
                         GCancellable      *cancellable)
{
  g_autoptr (HfMailbox) mailbox = NULL;
  HfCompletions *completions;
  HfPop pop = { NULL, NULL };

  g_return_val_if_fail (HF_IS_COMPLETION_QUEUE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  completions = self->completions;
  pop.completions = completions;
  if (pop_is_over (&pop) || timeout_us == 0)
    return completion_free_to_future (pop.taken);

  mailbox = hf_mailbox_ref_current ();
  g_mutex_lock (&completions->lock);
  g_ptr_array_add (completions->sleepers, mailbox);
  g_mutex_unlock (&completions->lock);

  hf_mailbox_wait_for (mailbox, pop_is_over, &pop, timeout_us, cancellable);

  g_mutex_lock (&completions->lock);
  g_ptr_array_remove_fast (completions->sleepers, mailbox);
  g_mutex_unlock (&completions->lock);

  return completion_free_to_future (pop.taken);
}

/* Returns a task as cancelled, unless it has been given a future at this very moment. */
static void
give_up_pop (GTask *task)
{
  HfCompletions *completions = HF_COMPLETION_QUEUE (g_task_get_source_object (task))->completions;
  g_autoptr (GTask) owned = NULL;
  HfPopTask *data = g_task_get_task_data (task);

  g_mutex_lock (&completions->lock);
  if (g_queue_remove (&completions->tasks, task))
    owned = task;
  g_mutex_unlock (&completions->lock);

  if (owned == NULL)
    return;
  g_signal_handler_disconnect (g_task_get_cancellable (task), data->cancelled_handler);
  g_task_return_error_if_cancelled (task);
}

static void
on_pop_cancelled (GCancellable *cancellable,
                  gpointer      user_data)
{
  g_autoptr (GTask) alive = g_object_ref (user_data);

  give_up_pop (alive);
}

static void
unref_task_closure (gpointer  data,
                    GClosure *closure)
{
  g_object_unref (data);
}

/**
 * hf_completion_queue_pop_async:
 * @self: a queue
 * @cancellable: (nullable): ends the waiting, not the requests
 * @callback: (scope async): called in the caller's thread-default context
 * @user_data: data for @callback
 *
 * Takes the next future that settles out of the queue, without blocking.
 *
 * Since: 1.0
 */
void
hf_completion_queue_pop_async (HfCompletionQueue   *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  HfCompletions *completions;
  HfPopTask *data;

  g_return_if_fail (HF_IS_COMPLETION_QUEUE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  completions = self->completions;
  data = g_new0 (HfPopTask, 1);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, hf_completion_queue_pop_async);
  g_task_set_check_cancellable (task, FALSE); /* a future that was taken out must arrive */
  g_task_set_task_data (task, data, g_free);
  /* Not g_cancellable_connect(): its disconnection waits for running handlers. */
  if (cancellable != NULL)
    data->cancelled_handler = g_signal_connect_data (cancellable, "cancelled",
                                                     G_CALLBACK (on_pop_cancelled),
                                                     g_object_ref (task), unref_task_closure, 0);

  g_object_ref (task);
  g_mutex_lock (&completions->lock);
  g_queue_push_tail (&completions->tasks, task);
  g_mutex_unlock (&completions->lock);

  if (cancellable != NULL && g_cancellable_is_cancelled (cancellable))
    give_up_pop (task);
  else
    completions_serve (completions);
}

/**
 * hf_completion_queue_pop_finish:
 * @self: a queue
 * @result: what the callback was given
 * @error: return location for an error, `G_IO_ERROR_CANCELLED`
 *
 * Ends what [method@CompletionQueue.pop_async] began.
 *
 * Returns: (transfer full) (nullable): a settled future; %NULL without an error when the queue is
 *   empty
 *
 * Since: 1.0
 */
HfFuture *
hf_completion_queue_pop_finish (HfCompletionQueue  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (HF_IS_COMPLETION_QUEUE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * hf_completion_queue_get_fd:
 * @self: a queue
 * @error: return location for an error, of %G_UNIX_ERROR: no descriptor could be made
 *
 * Gives a file descriptor that is readable while there is a settled future to be taken, for event
 * loops other than GLib's. It is only to be polled, and is closed with the queue.
 *
 * Returns: a descriptor, owned by @self; -1 with @error set
 *
 * Since: 1.0
 */
int
hf_completion_queue_get_fd (HfCompletionQueue  *self,
                            GError            **error)
{
  HfCompletions *completions;
  int fds[2];

  g_return_val_if_fail (HF_IS_COMPLETION_QUEUE (self), -1);
  g_return_val_if_fail (error == NULL || *error == NULL, -1);

  completions = self->completions;
  g_mutex_lock (&completions->lock);
  if (completions->fds[0] < 0 && g_unix_open_pipe (fds, FD_CLOEXEC, error))
    {
      completions->fds[0] = fds[0];
      completions->fds[1] = fds[1];
      if (completions->ready.length > 0)
        completions_signal_locked (completions, TRUE);
    }
  fds[0] = completions->fds[0];
  g_mutex_unlock (&completions->lock);
  return fds[0];
}
