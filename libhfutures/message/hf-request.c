/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-request-private.h"

/**
 * HfRequest:
 *
 * A request that can be built piece by piece and submitted with [vfunc@FuturesSession.send].
 *
 * Submitting takes a snapshot: it is what is sent, and what [property@Response:request] shows.
 * The request itself can be changed and submitted again. A snapshot cannot be changed;
 * [method@Request.copy] makes a request of it that can.
 *
 * Nothing is checked while a request is built. What cannot be sent becomes the future's error,
 * `HF_ERROR_INVALID_URI` or `HF_ERROR_INVALID_REQUEST`.
 *
 * A request belongs to one thread at a time until it is submitted.
 *
 * Since: 1.0
 */

enum {
  PROP_0,
  PROP_METHOD,
  PROP_URI,
  PROP_HEADERS,
  PROP_BODY,
  N_PROPS, /* the settings come after */
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfRequest, hf_request, G_TYPE_OBJECT)

static void
hf_request_finalize (GObject *object)
{
  HfRequest *self = HF_REQUEST (object);

  hf_request_data_unref (self->data);
  g_clear_pointer (&self->hooks, g_ptr_array_unref);

  G_OBJECT_CLASS (hf_request_parent_class)->finalize (object);
}

static void
hf_request_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  HfRequest *self = HF_REQUEST (object);

  switch (prop_id)
    {
    case PROP_METHOD:
      g_value_set_string (value, self->data->method);
      break;
    case PROP_URI:
      g_value_set_string (value, self->data->uri);
      break;
    case PROP_HEADERS:
      g_value_set_boxed (value, self->data->headers);
      break;
    case PROP_BODY:
      g_value_set_object (value, self->data->body);
      break;
    default:
      hf_request_get_setting (self, prop_id - N_PROPS, value);
    }
}

static void
hf_request_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  HfRequest *self = HF_REQUEST (object);

  switch (prop_id)
    {
    case PROP_METHOD:
      hf_request_set_method (self, g_value_get_string (value));
      break;
    case PROP_URI:
      hf_request_set_uri (self, g_value_get_string (value));
      break;
    case PROP_BODY:
      hf_request_set_body (self, g_value_get_object (value));
      break;
    default:
      hf_request_set_setting (self, prop_id - N_PROPS, value);
    }
}

static void
hf_request_class_init (HfRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = hf_request_finalize;
  object_class->get_property = hf_request_get_property;
  object_class->set_property = hf_request_set_property;

  /**
   * HfRequest:method: (attributes org.gtk.Property.get=hf_request_get_method org.gtk.Property.set=hf_request_set_method)
   *
   * The method, `GET` unless set (RFC 9110 §9). It is sent as it is, so case matters.
   *
   * Since: 1.0
   */
  props[PROP_METHOD] = g_param_spec_string ("method", NULL, NULL, "GET", flags);

  /**
   * HfRequest:uri: (attributes org.gtk.Property.get=hf_request_get_uri org.gtk.Property.set=hf_request_set_uri)
   *
   * Where the request goes: an absolute `http` or `https` URI, or one that is relative to the
   * session's [property@FuturesSession:base-uri].
   *
   * Since: 1.0
   */
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, "", flags);

  /**
   * HfRequest:headers: (attributes org.gtk.Property.get=hf_request_get_headers)
   *
   * The header fields set on this request.
   *
   * Since: 1.0
   */
  props[PROP_HEADERS] =
    g_param_spec_boxed ("headers", NULL, NULL, HF_TYPE_HEADERS,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * HfRequest:body: (attributes org.gtk.Property.get=hf_request_get_body org.gtk.Property.set=hf_request_set_body)
   *
   * What to send, or %NULL for nothing.
   *
   * Since: 1.0
   */
  props[PROP_BODY] = g_param_spec_object ("body", NULL, NULL, HF_TYPE_BODY, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
  hf_request_install_settings (object_class, N_PROPS);
}

static void
hf_request_init (HfRequest *self)
{
  self->data = hf_request_data_new ();
}

/* Returns: (transfer full): a request that shows @data, which it takes over */
HfRequest *
hf_request_new_for_data (HfRequestData *data)
{
  HfRequest *self = g_object_new (HF_TYPE_REQUEST, NULL);

  hf_request_data_unref (self->data);
  self->data = data;
  return self;
}

/* Returns: (transfer full): a request that shows @data and cannot be changed */
HfRequest *
hf_request_new_frozen (HfRequestData *data)
{
  HfRequest *self = hf_request_new_for_data (hf_request_data_ref (data));

  self->frozen = TRUE;
  return self;
}

/* What may be changed: a copy, when somebody else has what there is. */
HfRequestData *
hf_request_write (HfRequest *self)
{
  HfRequestData *shared = self->data;

  if (!g_atomic_ref_count_compare (&shared->ref_count, 1))
    {
      self->data = hf_request_data_copy (shared);
      hf_request_data_unref (shared);
    }
  return self->data;
}

/**
 * hf_request_new:
 * @method: the method, such as `GET`
 * @uri: where the request goes
 *
 * Makes a request.
 *
 * Returns: (transfer full): a request
 *
 * Since: 1.0
 */
HfRequest *
hf_request_new (const char *method,
                const char *uri)
{
  HfRequest *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  self = g_object_new (HF_TYPE_REQUEST, NULL);
  self->data->method = g_intern_string (method);
  hf_request_data_set_uri (self->data, uri);
  return self;
}

/**
 * hf_request_copy:
 * @self: a request, submitted or not
 *
 * Makes a request like this one that can be changed.
 *
 * Response hooks are copied, too. The snapshot that [property@Response:request] shows has none.
 *
 * Returns: (transfer full): a request
 *
 * Since: 1.0
 */
HfRequest *
hf_request_copy (HfRequest *self)
{
  HfRequest *copy;

  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  copy = hf_request_new_for_data (hf_request_data_ref (self->data));
  copy->hooks = hf_hook_list_copy (self->hooks);
  return copy;
}

/**
 * hf_request_get_method:
 * @self: a request
 *
 * Gives [property@Request:method].
 *
 * Returns: (transfer none): the method, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_request_get_method (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->method;
}

/**
 * hf_request_set_method:
 * @self: a request that was not submitted
 * @method: the method
 *
 * Sets [property@Request:method].
 *
 * Since: 1.0
 */
void
hf_request_set_method (HfRequest  *self,
                       const char *method)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (method != NULL);

  if (g_str_equal (self->data->method, method))
    return;

  hf_request_write (self)->method = g_intern_string (method);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_METHOD]);
}

/**
 * hf_request_get_uri:
 * @self: a request
 *
 * Gives [property@Request:uri].
 *
 * Returns: (transfer none): the URI, owned by @self
 *
 * Since: 1.0
 */
const char *
hf_request_get_uri (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->uri;
}

/**
 * hf_request_set_uri:
 * @self: a request that was not submitted
 * @uri: where the request goes
 *
 * Sets [property@Request:uri].
 *
 * Since: 1.0
 */
void
hf_request_set_uri (HfRequest  *self,
                    const char *uri)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (uri != NULL);

  if (g_str_equal (self->data->uri, uri))
    return;

  hf_request_data_set_uri (hf_request_write (self), uri);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_URI]);
}

/**
 * hf_request_get_body:
 * @self: a request
 *
 * Gives [property@Request:body].
 *
 * Returns: (transfer none) (nullable): the body, owned by @self; %NULL when nothing is sent
 *
 * Since: 1.0
 */
HfBody *
hf_request_get_body (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->body;
}

/**
 * hf_request_set_body:
 * @self: a request that was not submitted
 * @body: (nullable): what to send, or %NULL for nothing
 *
 * Sets [property@Request:body].
 *
 * Since: 1.0
 */
void
hf_request_set_body (HfRequest *self,
                     HfBody    *body)
{
  HfRequestData *data;

  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (body == NULL || HF_IS_BODY (body));

  if (self->data->body == body)
    return;

  data = hf_request_write (self);
  g_set_object (&data->body, body);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BODY]);
}

/**
 * hf_request_get_headers:
 * @self: a request
 *
 * Gives the header fields set so far. Who takes a reference keeps the list as it is: later changes
 * of the request go into another one.
 *
 * Returns: (transfer none): the fields, owned by @self
 *
 * Since: 1.0
 */
HfHeaders *
hf_request_get_headers (HfRequest *self)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), NULL);

  return self->data->headers;
}

/* Makes sure that nobody else sees what will be changed. */
static HfHeaders *
request_own_headers (HfRequest *self)
{
  HfRequestData *data = hf_request_write (self);
  HfHeaders *shared = data->headers;

  if (hf_headers_is_shared (shared))
    {
      data->headers = hf_headers_copy (shared);
      hf_headers_unref (shared);
    }
  return data->headers;
}

/**
 * hf_request_set_header:
 * @self: a request that was not submitted
 * @name: the field's name
 * @value: the field's value
 *
 * Sets a header field in place of all others of that name.
 *
 * Since: 1.0
 */
void
hf_request_set_header (HfRequest  *self,
                       const char *name,
                       const char *value)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  hf_headers_remove (request_own_headers (self), name);
  hf_headers_append (request_own_headers (self), name, value);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEADERS]);
}

/**
 * hf_request_append_header:
 * @self: a request that was not submitted
 * @name: the field's name
 * @value: the field's value
 *
 * Adds a header field beside others of that name.
 *
 * Since: 1.0
 */
void
hf_request_append_header (HfRequest  *self,
                          const char *name,
                          const char *value)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  hf_headers_append (request_own_headers (self), name, value);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEADERS]);
}

/**
 * hf_request_remove_header:
 * @self: a request that was not submitted
 * @name: the field's name, in any case
 *
 * Removes all header fields of a name.
 *
 * Since: 1.0
 */
void
hf_request_remove_header (HfRequest  *self,
                          const char *name)
{
  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (name != NULL);

  hf_headers_remove (request_own_headers (self), name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HEADERS]);
}

static guint
request_add_hook (HfRequest *self,
                  HfHook    *hook)
{
  if (self->hooks == NULL)
    self->hooks = hf_hook_list_new ();
  g_ptr_array_add (self->hooks, hook);
  return hook->id;
}

/**
 * hf_request_add_response_hook:
 * @self: a request that was not submitted
 * @hook: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @hook
 * @destroy: (nullable): what frees @user_data, on any thread
 *
 * Adds a hook that looks at the response on the worker, after the hooks added before it.
 *
 * JavaScript cannot be called on a worker: use
 * [method@Request.add_response_hook_in_context] there.
 *
 * Returns: an id for [method@Request.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_request_add_response_hook (HfRequest      *self,
                              HfResponseHook  hook,
                              gpointer        user_data,
                              GDestroyNotify  destroy)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);
  g_return_val_if_fail (!self->frozen, 0);
  g_return_val_if_fail (hook != NULL, 0);

  return request_add_hook (self, hf_hook_new (hook, user_data, destroy, FALSE));
}

/**
 * hf_request_add_response_hook_in_context:
 * @self: a request that was not submitted
 * @hook: (scope notified) (closure user_data) (destroy destroy): what to call
 * @user_data: data for @hook
 * @destroy: (nullable): what frees @user_data, in the same context
 *
 * Adds a hook that looks at the response in the [struct@GLib.MainContext] that is thread-default
 * now, after the hooks added before it.
 *
 * It runs when that context is iterated, or inside any of this library's blocking waits on the
 * calling thread. Without either, the future does not settle before its deadline.
 *
 * Returns: an id for [method@Request.remove_response_hook]
 *
 * Since: 1.0
 */
guint
hf_request_add_response_hook_in_context (HfRequest      *self,
                                         HfResponseHook  hook,
                                         gpointer        user_data,
                                         GDestroyNotify  destroy)
{
  g_return_val_if_fail (HF_IS_REQUEST (self), 0);
  g_return_val_if_fail (!self->frozen, 0);
  g_return_val_if_fail (hook != NULL, 0);

  return request_add_hook (self, hf_hook_new (hook, user_data, destroy, TRUE));
}

/**
 * hf_request_remove_response_hook:
 * @self: a request that was not submitted
 * @id: what adding the hook returned
 *
 * Removes a hook.
 *
 * Since: 1.0
 */
void
hf_request_remove_response_hook (HfRequest *self,
                                 guint      id)
{
  guint position;

  g_return_if_fail (HF_IS_REQUEST (self));
  g_return_if_fail (!self->frozen);

  if (hf_hook_list_find (self->hooks, id, &position))
    g_ptr_array_remove_index (self->hooks, position);
}
