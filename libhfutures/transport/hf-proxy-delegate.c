/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-proxy-delegate-private.h"

struct _HfProxyDelegate {
  GObject parent_instance;

  HfProxyLookup lookup;   /* const */
  gpointer data;          /* const */
  GDestroyNotify destroy; /* nullable, const */
};

static void hf_proxy_delegate_resolver_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfProxyDelegate, hf_proxy_delegate, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      hf_proxy_delegate_resolver_init))

static void
hf_proxy_delegate_finalize (GObject *object)
{
  HfProxyDelegate *self = HF_PROXY_DELEGATE (object);

  if (self->destroy != NULL)
    self->destroy (self->data);

  G_OBJECT_CLASS (hf_proxy_delegate_parent_class)->finalize (object);
}

static void
hf_proxy_delegate_class_init (HfProxyDelegateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_proxy_delegate_finalize;
}

static void
hf_proxy_delegate_init (HfProxyDelegate *self)
{
}

static char **
hf_proxy_delegate_lookup (GProxyResolver  *resolver,
                          const char      *uri,
                          GCancellable    *cancellable,
                          GError         **error)
{
  HfProxyDelegate *self = HF_PROXY_DELEGATE (resolver);

  return self->lookup (uri, self->data, error);
}

/* In this thread, which has nothing else to do than to send a request. */
static void
hf_proxy_delegate_lookup_async (GProxyResolver      *resolver,
                                const char          *uri,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  char **proxies = hf_proxy_delegate_lookup (resolver, uri, cancellable, &error);

  g_task_set_source_tag (task, hf_proxy_delegate_lookup_async);
  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static char **
hf_proxy_delegate_lookup_finish (GProxyResolver  *resolver,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
hf_proxy_delegate_resolver_init (GProxyResolverInterface *iface)
{
  iface->lookup = hf_proxy_delegate_lookup;
  iface->lookup_async = hf_proxy_delegate_lookup_async;
  iface->lookup_finish = hf_proxy_delegate_lookup_finish;
}

/* @destroy: (nullable): what becomes of @data */
GProxyResolver *
hf_proxy_delegate_new (HfProxyLookup  lookup,
                       gpointer       data,
                       GDestroyNotify destroy)
{
  HfProxyDelegate *self = g_object_new (HF_TYPE_PROXY_DELEGATE, NULL);

  self->lookup = lookup;
  self->data = data;
  self->destroy = destroy;
  return G_PROXY_RESOLVER (self);
}
