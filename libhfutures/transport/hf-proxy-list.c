/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-proxy-list-private.h"

struct _HfProxyList {
  GObject parent_instance;
  GStrv proxies; /* owned, const */
};

static void hf_proxy_list_resolver_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfProxyList, hf_proxy_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      hf_proxy_list_resolver_init))

static void
hf_proxy_list_finalize (GObject *object)
{
  g_strfreev (HF_PROXY_LIST (object)->proxies);

  G_OBJECT_CLASS (hf_proxy_list_parent_class)->finalize (object);
}

static void
hf_proxy_list_class_init (HfProxyListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_proxy_list_finalize;
}

static void
hf_proxy_list_init (HfProxyList *self)
{
}

static char **
hf_proxy_list_lookup (GProxyResolver  *resolver,
                      const char      *uri,
                      GCancellable    *cancellable,
                      GError         **error)
{
  return g_strdupv (HF_PROXY_LIST (resolver)->proxies);
}

static void
hf_proxy_list_lookup_async (GProxyResolver      *resolver,
                            const char          *uri,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_source_tag (task, hf_proxy_list_lookup_async);
  g_task_return_pointer (task, g_strdupv (HF_PROXY_LIST (resolver)->proxies),
                         (GDestroyNotify) g_strfreev);
}

static char **
hf_proxy_list_lookup_finish (GProxyResolver  *resolver,
                             GAsyncResult    *result,
                             GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
hf_proxy_list_resolver_init (GProxyResolverInterface *iface)
{
  iface->lookup = hf_proxy_list_lookup;
  iface->lookup_async = hf_proxy_list_lookup_async;
  iface->lookup_finish = hf_proxy_list_lookup_finish;
}

GProxyResolver *
hf_proxy_list_new (const char *const *proxies)
{
  HfProxyList *self = g_object_new (HF_TYPE_PROXY_LIST, NULL);

  self->proxies = g_strdupv ((char **) proxies);
  return G_PROXY_RESOLVER (self);
}
