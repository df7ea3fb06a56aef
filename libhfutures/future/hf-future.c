/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-future-private.h"

#include "hf-blocking-private.h"
#include "hf-enum-types.h"

/**
 * HfFuture:
 *
 * A result that is there now or later.
 *
 * Every way of submitting a request returns a future at once. It settles once, with a value or an
 * error, and stays so. Any number of threads may wait for it, in any of the ways below, before or
 * after it settles:
 *
 * - [method@Future.get_result] blocks; no main loop is needed,
 * - [method@Future.get_result_async] completes in the caller's [struct@GLib.MainContext],
 * - [method@Future.add_done_callback] calls back there,
 * - [method@Future.wait] only says whether it has settled.
 *
 * The value is a [class@Response] unless a response hook put something else in its place, which
 * [method@Future.get_value] and its kin return; they return what a function of
 * [method@Executor.submit] gave, too.
 *
 * The cancellable of a wait ends that wait, never the request. [method@Future.cancel] and
 * [property@Request:cancellable] end the request. Dropping a future does not.
 *
 * `notify` is emitted in the context that was thread-default when the request was submitted.
 *
 * Every function may be called from any thread.
 *
 * Since: 1.0
 */

typedef struct {
  guint id;
  HfSettledFunc func;
  gpointer user_data;     /* owned when destroy is set */
  GDestroyNotify destroy;
} HfWaiter;

struct _HfFuture {
  GObject parent_instance;

  GMutex lock;
  int state;                     /* of HfFutureState; atomic; written under lock */
  GRefString *uri;               /* owned, const, nullable */
  HfRequestData *sent;           /* owned, nullable; const once others have the future */
  HfRequest *request;            /* owned; atomic: made on first use; frozen */
  GMainContext *context;         /* owned, const; for notify */
  HfHome *home;                  /* owned, nullable; const once others have the future */

  HfWaiter first_waiter;         /* id 0: none; guarded by lock */
  GArray *waiters;               /* the others; owned, nullable; of HfWaiter; guarded by lock */
  guint last_waiter;             /* guarded by lock */
  GDestroyNotify cancel;         /* guarded by lock; gone when settled */
  gpointer cancel_data;          /* owned through cancel_destroy; guarded by lock */
  GDestroyNotify cancel_destroy; /* guarded by lock */

  GValue value;                  /* owned; const once state says settled */
  GError *error;                 /* owned; const once state says settled */
  GError *cause;                 /* owned; const once state says settled */

  HfProgress progress;
  HfNotice *notice;              /* owned; atomic: made when it is needed */
  int notified_state;            /* only used in context */
};

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_URI,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];
static guint notify_signal;

G_DEFINE_FINAL_TYPE (HfFuture, hf_future, G_TYPE_OBJECT)

static void
hf_future_dispose (GObject *object)
{
  if (!hf_notice_keep (HF_FUTURE (object)->notice))
    G_OBJECT_CLASS (hf_future_parent_class)->dispose (object);
}

static void
hf_future_finalize (GObject *object)
{
  HfFuture *self = HF_FUTURE (object);

  g_clear_pointer (&self->notice, hf_notice_retire);
  g_clear_pointer (&self->waiters, g_array_unref);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_clear_error (&self->error);
  g_clear_error (&self->cause);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->home, hf_home_unref);
  g_clear_pointer (&self->uri, g_ref_string_release);
  g_clear_pointer (&self->sent, hf_request_data_unref);
  g_clear_object (&self->request);
  hf_progress_clear (&self->progress);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (hf_future_parent_class)->finalize (object);
}

static void
hf_future_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  HfFuture *self = HF_FUTURE (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, hf_future_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, hf_future_get_error (self));
      break;
    case PROP_URI:
      g_value_set_string (value, self->uri);
      break;
    default:
      hf_progress_get_property (&self->progress, prop_id - N_PROPS, value);
    }
}

static void
hf_future_class_init (HfFutureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = hf_future_dispose;
  object_class->finalize = hf_future_finalize;
  object_class->get_property = hf_future_get_property;

  /**
   * HfFuture:state: (attributes org.gtk.Property.get=hf_future_get_state)
   *
   * Where the future stands.
   *
   * Since: 1.0
   */
  props[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, HF_TYPE_FUTURE_STATE, HF_FUTURE_STATE_QUEUED, flags);

  /**
   * HfFuture:error: (attributes org.gtk.Property.get=hf_future_get_error)
   *
   * Why the future failed or was cancelled, or %NULL.
   *
   * Since: 1.0
   */
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  /**
   * HfFuture:uri: (attributes org.gtk.Property.get=hf_future_get_uri)
   *
   * The URI of the request, as it was given; %NULL for work that is no request.
   *
   * Since: 1.0
   */
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
  hf_progress_install_properties (object_class, N_PROPS);
  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
}

static void
hf_future_init (HfFuture *self)
{
  g_mutex_init (&self->lock);
  hf_progress_init (&self->progress);
  self->context = g_main_context_ref_thread_default ();
}

/* @uri: (nullable): what the future is about */
HfFuture *
hf_future_new (GRefString *uri)
{
  HfFuture *self = g_object_new (HF_TYPE_FUTURE, NULL);

  self->uri = uri != NULL ? g_ref_string_acquire (uri) : NULL;
  return self;
}

/* Before anybody else has the future: where its work is done, if that is one place. */
void
hf_future_set_home (HfFuture *self,
                    HfHome   *home)
{
  self->home = hf_home_ref (home);
}

/* Before anybody else has the future: what it is the answer to. */
void
hf_future_set_request (HfFuture      *self,
                       HfRequestData *data)
{
  self->sent = hf_request_data_ref (data);
}

/* Whether waiting here would keep the future from settling. */
gboolean
hf_future_would_block (HfFuture *self)
{
  return hf_blocking_is_forbidden () || (self->home != NULL && hf_home_is_here (self->home));
}

static gboolean
state_is_final (HfFutureState state)
{
  return state >= HF_FUTURE_STATE_SUCCEEDED;
}

gboolean
hf_future_is_settled (HfFuture *self)
{
  return state_is_final (g_atomic_int_get (&self->state));
}

/* Called in the future's context. */
void
hf_future_emit_notify (HfFuture *self)
{
  HfFutureState state = hf_future_get_state (self);

  hf_progress_emit_notify (&self->progress, G_OBJECT (self));
  if (self->notified_state == (int) state)
    return;

  self->notified_state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (state_is_final (state) && self->error != NULL)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

/* Under no lock. Returns: (transfer none): what brings the future's changes to its context */
HfNotice *
hf_future_ensure_notice (HfFuture *self)
{
  if (g_atomic_pointer_get (&self->notice) == NULL)
    {
      HfNotice *notice = hf_notice_new (self);

      if (!g_atomic_pointer_compare_and_exchange (&self->notice, NULL, notice))
        hf_notice_retire (notice);
    }
  return g_atomic_pointer_get (&self->notice);
}

/* Under no lock, unless there is a notice already. */
void
hf_future_queue_notify (HfFuture *self)
{
  if (g_signal_handler_find (self, G_SIGNAL_MATCH_ID, notify_signal, 0, NULL, NULL, NULL) != 0)
    hf_notice_queue (hf_future_ensure_notice (self), self->context);
}

HfProgress *
hf_future_peek_progress (HfFuture *self)
{
  return &self->progress;
}

/* Returns: whether the future still wants to be worked for */
gboolean
hf_future_set_running (HfFuture *self)
{
  gboolean begins;

  g_mutex_lock (&self->lock);
  begins = self->state == HF_FUTURE_STATE_QUEUED;
  if (begins)
    g_atomic_int_set (&self->state, HF_FUTURE_STATE_RUNNING);
  g_mutex_unlock (&self->lock);

  if (begins)
    hf_future_queue_notify (self);
  return !hf_future_is_settled (self);
}

void
hf_future_set_cancel_func (HfFuture       *self,
                           GDestroyNotify  cancel,
                           gpointer        user_data,
                           GDestroyNotify  destroy)
{
  gboolean settled;

  g_mutex_lock (&self->lock);
  settled = hf_future_is_settled (self);
  if (!settled)
    {
      g_assert (self->cancel == NULL);
      self->cancel = cancel;
      self->cancel_data = user_data;
      self->cancel_destroy = destroy;
    }
  g_mutex_unlock (&self->lock);

  if (settled && destroy != NULL)
    destroy (user_data);
}

static void
tell_waiter (HfFuture *self,
             HfWaiter *waiter)
{
  waiter->func (self, waiter->user_data);
  if (waiter->destroy != NULL)
    waiter->destroy (waiter->user_data);
}

static void
tell_waiters (HfFuture *self,
              HfWaiter *first,
              GArray   *waiters)
{
  if (first->id != 0)
    tell_waiter (self, first);
  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    tell_waiter (self, &g_array_index (waiters, HfWaiter, i));
}

/*
 * hf_future_settle:
 * @state: a final state
 * @value: (transfer full) (nullable): the value of a success, or what the error is about
 * @error: (transfer full) (nullable): the error of anything else
 * @cause: (transfer full) (nullable): what is behind it
 * @flags: whether to stop the work, and whether only to do so before it has begun
 *
 * Changes the state under the lock, then lets go of it and tells everybody.
 *
 * Returns: %FALSE, with the arguments freed, when it had settled before, or was not to be settled
 */
gboolean
hf_future_settle (HfFuture      *self,
                  HfFutureState  state,
                  GValue        *value,
                  GError        *error,
                  GError        *cause,
                  HfSettleFlags  flags)
{
  g_autoptr (HfFuture) alive = g_object_ref (self);
  g_autoptr (GArray) waiters = NULL;
  HfWaiter first_waiter;
  GDestroyNotify cancel;
  gpointer cancel_data;
  GDestroyNotify cancel_destroy;

  g_mutex_lock (&self->lock);
  if (hf_future_is_settled (self) ||
      ((flags & HF_SETTLE_IF_QUEUED) && self->state != HF_FUTURE_STATE_QUEUED))
    {
      g_mutex_unlock (&self->lock);
      if (value != NULL)
        g_value_unset (value);
      g_clear_error (&error);
      g_clear_error (&cause);
      return FALSE;
    }
  if (value != NULL)
    {
      self->value = *value; /* moved: no reference count changes under the lock */
      *value = (GValue) G_VALUE_INIT;
    }
  self->error = error;
  self->cause = cause;
  first_waiter = self->first_waiter;
  self->first_waiter.id = 0;
  waiters = g_steal_pointer (&self->waiters);
  cancel = g_steal_pointer (&self->cancel);
  cancel_data = g_steal_pointer (&self->cancel_data);
  cancel_destroy = g_steal_pointer (&self->cancel_destroy);
  g_atomic_int_set (&self->state, state);
  g_mutex_unlock (&self->lock);

  if (cancel != NULL && (flags & HF_SETTLE_STOP))
    cancel (cancel_data);
  if (cancel_destroy != NULL)
    cancel_destroy (cancel_data);
  hf_future_queue_notify (self);
  tell_waiters (self, &first_waiter, waiters);

  return TRUE;
}

/* Returns: (nullable): the value of a future that has settled; %NULL with @error when it failed */
const GValue *
hf_future_peek_value (HfFuture  *self,
                      GError   **error)
{
  g_assert (hf_future_is_settled (self));

  if (self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  return self->error == NULL ? &self->value : NULL;
}

/* Returns: what it settled with, be it what its error is about; unset when there is nothing */
const GValue *
hf_future_peek_outcome (HfFuture *self)
{
  return &self->value;
}

/*
 * hf_future_add_waiter:
 * @func: called on the settling thread
 *
 * Returns: an id, or 0 when the future has settled already: then nothing was added
 */
guint
hf_future_add_waiter (HfFuture       *self,
                      HfSettledFunc   func,
                      gpointer        user_data,
                      GDestroyNotify  destroy)
{
  HfWaiter waiter = { 0, func, user_data, destroy };

  g_mutex_lock (&self->lock);
  if (!hf_future_is_settled (self))
    {
      waiter.id = ++self->last_waiter;
      if (self->waiters == NULL && self->first_waiter.id == 0)
        {
          self->first_waiter = waiter;
        }
      else
        {
          if (self->waiters == NULL)
            self->waiters = g_array_new (FALSE, FALSE, sizeof (HfWaiter));
          g_array_append_val (self->waiters, waiter);
        }
    }
  g_mutex_unlock (&self->lock);

  return waiter.id;
}

static gboolean
waiter_is (HfWaiter *waiter,
           guint     id,
           gpointer  user_data)
{
  return waiter->id != 0 && (id != 0 ? waiter->id == id : waiter->user_data == user_data);
}

/*
 * hf_future_remove_waiter:
 * @id: which one, or 0 for the one with @user_data
 *
 * Returns: whether it was there; %FALSE says that its function has been or will be called
 */
gboolean
hf_future_remove_waiter (HfFuture *self,
                         guint     id,
                         gpointer  user_data)
{
  HfWaiter found = { 0 };

  g_mutex_lock (&self->lock);
  if (waiter_is (&self->first_waiter, id, user_data))
    {
      found = self->first_waiter;
      self->first_waiter.id = 0;
    }
  for (guint i = 0; found.id == 0 && self->waiters != NULL && i < self->waiters->len; i++)
    {
      HfWaiter *waiter = &g_array_index (self->waiters, HfWaiter, i);

      if (waiter_is (waiter, id, user_data))
        {
          found = *waiter;
          g_array_remove_index (self->waiters, i);
          break;
        }
    }
  g_mutex_unlock (&self->lock);

  if (found.destroy != NULL)
    found.destroy (found.user_data);
  return found.id != 0;
}

/**
 * hf_future_get_state:
 * @self: a future
 *
 * Gives [property@Future:state]. Any thread may ask.
 *
 * Returns: where the future stands
 *
 * Since: 1.0
 */
HfFutureState
hf_future_get_state (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), HF_FUTURE_STATE_FAILED);

  return g_atomic_int_get (&self->state);
}

/**
 * hf_future_get_uri:
 * @self: a future
 *
 * Gives [property@Future:uri].
 *
 * Returns: (transfer none) (nullable): the URI, owned by @self; %NULL for work that has none
 *
 * Since: 1.0
 */
const char *
hf_future_get_uri (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);

  return self->uri;
}

/**
 * hf_future_get_request:
 * @self: a future
 *
 * Gives the request as it was submitted. It cannot be changed; [method@Request.copy] can.
 *
 * Returns: (transfer none) (nullable): the request, owned by @self; %NULL for work that is none
 *
 * Since: 1.0
 */
HfRequest *
hf_future_get_request (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);

  if (g_atomic_pointer_get (&self->request) == NULL && self->sent != NULL)
    {
      HfRequest *request = hf_request_new_frozen (self->sent);

      if (!g_atomic_pointer_compare_and_exchange (&self->request, NULL, request))
        g_object_unref (request);
    }
  return g_atomic_pointer_get (&self->request);
}

/**
 * hf_future_get_error:
 * @self: a future
 *
 * Gives [property@Future:error]. Does not wait.
 *
 * Returns: (transfer none) (nullable): the error, owned by @self; %NULL while the future has not
 *   settled, and when it succeeded
 *
 * Since: 1.0
 */
const GError *
hf_future_get_error (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);

  return hf_future_is_settled (self) ? self->error : NULL;
}

/**
 * hf_future_dup_cause:
 * @self: a future
 *
 * Copies what libsoup or GIO said when the future failed, for logs and bug reports.
 *
 * Returns: (transfer full) (nullable): the cause; %NULL when there is none
 *
 * Since: 1.0
 */
GError *
hf_future_dup_cause (HfFuture *self)
{
  g_return_val_if_fail (HF_IS_FUTURE (self), NULL);

  return hf_future_is_settled (self) && self->cause != NULL ? g_error_copy (self->cause) : NULL;
}
