/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-mock-transport-private.h"

#include <string.h>

#include "hf-mock-call-private.h"

/**
 * HfMockTransport:
 *
 * Answers requests with a function instead of a server: for tests, and for what has no server.
 *
 * ```c
 * static void
 * answer (HfMockCall *call, gpointer user_data)
 * {
 *   g_autoptr (HfBody) body = hf_body_new_for_text ("Hello", NULL);
 *
 *   hf_mock_call_respond (call, 200, body);
 * }
 *
 * g_autoptr (HfMockTransport) mock = hf_mock_transport_new (answer, NULL, NULL);
 *
 * hf_futures_session_mount (session, "https://www.example.org/", mock, NULL);
 * ```
 *
 * What a session does with real answers it does with these, too: it follows redirects, keeps
 * cookies, answers challenges, calls hooks, and has its timeouts and limits.
 *
 * One may be mounted in any number of sessions.
 *
 * Since: 1.0
 */

struct _HfMockTransport {
  GObject parent_instance;

  HfMockHandler handler;   /* const; instead of func */
  HfMockFunc func;         /* const */
  gpointer user_data;      /* owned through destroy */
  GDestroyNotify destroy;  /* const */
  GMainContext *context;   /* owned, const; NULL: func is called where the request is sent */
  HfMailbox *mailbox;      /* owned, const; of the thread that made this; NULL without context */
};

static void hf_mock_transport_iface_init (HfTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfMockTransport, hf_mock_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HF_TYPE_TRANSPORT,
                                                      hf_mock_transport_iface_init))

/* What a function closes over may belong to a language that must not be touched elsewhere. */
static void
mock_transport_destroy_in_context (HfMockTransport *self)
{
  g_autoptr (HfMailbox) here = hf_mailbox_ref_current ();

  if (here == self->mailbox)
    self->destroy (self->user_data);
  else
    hf_mailbox_call_unref (hf_mailbox_post (self->mailbox, self->context, self->destroy,
                                            self->destroy, self->user_data));
}

static void
hf_mock_transport_finalize (GObject *object)
{
  HfMockTransport *self = HF_MOCK_TRANSPORT (object);

  if (self->destroy != NULL && self->context != NULL)
    mock_transport_destroy_in_context (self);
  else if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->mailbox, hf_mailbox_unref);

  G_OBJECT_CLASS (hf_mock_transport_parent_class)->finalize (object);
}

static void
hf_mock_transport_class_init (HfMockTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_mock_transport_finalize;
}

static void
hf_mock_transport_init (HfMockTransport *self)
{
}

HfTransport *
hf_mock_transport_new_for_handler (HfMockHandler  handler,
                                   gpointer       user_data,
                                   GDestroyNotify destroy)
{
  HfMockTransport *self = g_object_new (HF_TYPE_MOCK_TRANSPORT, NULL);

  self->handler = handler;
  self->user_data = user_data;
  self->destroy = destroy;
  return HF_TRANSPORT (self);
}

/**
 * hf_mock_transport_new:
 * @func: (scope notified) (closure user_data) (destroy destroy): what answers
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Makes a transport whose function is called where the request is sent.
 *
 * That is a worker, or a thread besides the loops of a [class@LoopExecutor]. It may block there,
 * and is called by several of them at the same time.
 *
 * JavaScript cannot be called there: use [ctor@MockTransport.new_in_context].
 *
 * Returns: (transfer full): a transport
 *
 * Since: 1.0
 */
HfMockTransport *
hf_mock_transport_new (HfMockFunc     func,
                       gpointer       user_data,
                       GDestroyNotify destroy)
{
  HfMockTransport *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (HF_TYPE_MOCK_TRANSPORT, NULL);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

/**
 * hf_mock_transport_new_in_context:
 * @func: (scope notified) (closure user_data) (destroy destroy): what answers
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data, in the same context
 *
 * Makes a transport whose function is called in the [struct@GLib.MainContext] that is
 * thread-default now.
 *
 * It is called when that context is iterated, or inside any of this library's blocking waits on the
 * calling thread.
 *
 * Returns: (transfer full): a transport
 *
 * Since: 1.0
 */
HfMockTransport *
hf_mock_transport_new_in_context (HfMockFunc     func,
                                  gpointer       user_data,
                                  GDestroyNotify destroy)
{
  HfMockTransport *self = hf_mock_transport_new (func, user_data, destroy);

  g_return_val_if_fail (self != NULL, NULL);

  self->context = g_main_context_ref_thread_default ();
  self->mailbox = hf_mailbox_ref_current ();
  return self;
}

/*
 * hf_mock_response_new:
 * @first_header: (nullable): a name, followed by its value and further names and values
 */
HfResponse *
hf_mock_response_new (guint       status,
                      const char *body,
                      const char *first_header,
                      ...)
{
  HfHeaders *headers = hf_headers_new ();
  va_list rest;

  va_start (rest, first_header);
  for (const char *name = first_header; name != NULL; name = va_arg (rest, const char *))
    hf_headers_append (headers, name, va_arg (rest, const char *));
  va_end (rest);

  return hf_response_new (status, NULL, headers, g_bytes_new (body, strlen (body)));
}

static void
enter_waiting (HfHop *hop)
{
  hf_hop_enter_phase (hop, HF_PHASE_CONNECTING);
  hf_hop_enter_phase (hop, HF_PHASE_SENDING);
  hf_hop_enter_phase (hop, HF_PHASE_WAITING);
}

/*
 * check_response:
 * @response: (transfer full): what was answered
 *
 * Returns: (transfer full) (nullable): the same, when the hop's limits allow it
 */
static HfResponse *
check_response (HfHop         *hop,
                HfResponse    *response,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (HfResponse) checked = response;

  hf_hop_enter_phase (hop, HF_PHASE_READING);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (hop->max_body_size > 0 && g_bytes_get_size (checked->bytes) > hop->max_body_size &&
      !hop->observer->is_interim (hop, checked->status, checked->headers))
    {
      g_propagate_error (error, hf_hop_new_too_large (hop));
      return NULL;
    }

  return g_steal_pointer (&checked);
}

/* A call of the function, where it is to be. */
typedef struct {
  HfMockTransport *self; /* owned */
  HfMockCall *call;      /* owned */
} HfMockWork;

static HfMockWork *
mock_work_new (HfMockTransport *self,
               HfHop           *hop,
               HfMockAnswer    *answer)
{
  HfMockWork *work = g_new (HfMockWork, 1);

  *work = (HfMockWork){ g_object_ref (self), hf_mock_call_new (hop, answer) };
  return work;
}

static void
mock_work_free (gpointer data)
{
  HfMockWork *work = data;

  hf_mock_call_unref (work->call);
  g_object_unref (work->self);
  g_free (work);
}

static void
mock_work_run (gpointer data)
{
  HfMockWork *work = data;

  work->self->func (work->call, work->self->user_data);
  mock_work_free (work);
}

static void
mock_work_post (HfMockWork *work)
{
  HfMockTransport *self = work->self;

  hf_mailbox_call_unref (hf_mailbox_post (self->mailbox, self->context, mock_work_run,
                                          mock_work_free, work));
}

static HfResponse *
hf_mock_transport_send (HfTransport   *transport,
                        HfHop         *hop,
                        GCancellable  *cancellable,
                        GError       **error)
{
  HfMockTransport *self = HF_MOCK_TRANSPORT (transport);
  HfResponse *response;

  enter_waiting (hop);
  if (self->handler != NULL)
    {
      response = self->handler (hop, cancellable, self->user_data, error);
    }
  else
    {
      g_autoptr (HfMockAnswer) answer = hf_mock_answer_new ();
      HfMockWork *work = mock_work_new (self, hop, answer);

      if (self->context != NULL)
        mock_work_post (work);
      else
        mock_work_run (work);
      hf_mock_answer_wait (answer, cancellable);
      response = hf_mock_answer_take (answer, error);
    }

  return response != NULL ? check_response (hop, response, cancellable, error) : NULL;
}

/* One hop on a loop. */
typedef struct {
  HfHop *hop;                 /* not owned */
  GCancellable *cancellable;  /* owned */
  gulong cancelled_handler;
  HfMockAnswer *answer;       /* owned */
  HfTransportDone done;
  gpointer user_data;
} HfMockSending;

static void
mock_sending_free (gpointer data)
{
  HfMockSending *sending = data;

  hf_mock_answer_unref (sending->answer);
  g_object_unref (sending->cancellable);
  g_free (sending);
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  HfMockSending *sending = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  HfResponse *response = hf_mock_answer_take (sending->answer, &error);

  g_signal_handler_disconnect (sending->cancellable, sending->cancelled_handler);
  if (response != NULL)
    response = check_response (sending->hop, response, sending->cancellable, &error);
  sending->done (response, error, sending->user_data);
}

/* On the loop. */
static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  hf_mock_answer_give (user_data, NULL, error);
}

static void
release_answer (gpointer  data,
                GClosure *closure)
{
  hf_mock_answer_unref (data);
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  mock_work_run (task_data);
}

/* For what may block. */
static void
mock_work_start_thread (HfMockWork *work)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_source_tag (task, mock_work_start_thread);
  g_task_set_task_data (task, work, NULL);
  g_task_run_in_thread (task, run_in_thread);
}

/* The handler of a test may block, too. */
static void
handle_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  HfMockTransport *self = source;
  HfMockSending *sending = task_data;
  GError *error = NULL;
  HfResponse *response =
    self->handler (sending->hop, sending->cancellable, self->user_data, &error);

  hf_mock_answer_give (sending->answer, response, error);
  g_task_return_boolean (task, TRUE);
}

static void
hf_mock_transport_send_async (HfTransport     *transport,
                              HfHop           *hop,
                              GCancellable    *cancellable,
                              HfTransportDone  done,
                              gpointer         user_data)
{
  HfMockTransport *self = HF_MOCK_TRANSPORT (transport);
  GTask *task = g_task_new (transport, NULL, on_answered, NULL);
  HfMockSending *sending = g_new0 (HfMockSending, 1);
  HfMockAnswer *answer = hf_mock_answer_new ();
  HfMockWork *work;

  *sending = (HfMockSending){ hop, g_object_ref (cancellable), 0, answer, done, user_data };
  g_task_set_source_tag (task, hf_mock_transport_send_async);
  g_task_set_task_data (task, sending, mock_sending_free);
  sending->cancelled_handler =
    g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled),
                           hf_mock_answer_ref (answer), release_answer, 0);
  enter_waiting (hop);

  if (self->handler != NULL)
    {
      g_signal_handler_block (cancellable, sending->cancelled_handler);
      g_task_run_in_thread (task, handle_in_thread);
      g_object_unref (task);
      return;
    }

  work = mock_work_new (self, hop, answer);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled (cancellable, answer);
  hf_mock_answer_set_task (answer, task); /* from here on it may complete */
  if (self->context != NULL)
    mock_work_post (work);
  else
    mock_work_start_thread (work);
}

static void
hf_mock_transport_iface_init (HfTransportInterface *iface)
{
  iface->send = hf_mock_transport_send;
  iface->send_async = hf_mock_transport_send_async;
}
