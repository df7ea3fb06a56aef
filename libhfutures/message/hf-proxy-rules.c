/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-proxy-rules-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "hf-error-private.h"

/**
 * HfProxyRules:
 *
 * Which proxy requests go through, by their scheme and host.
 *
 * It is a [iface@Gio.ProxyResolver] for [property@Request:proxy-resolver], or for a
 * [class@Soup.Session]. Without one the system's resolver is asked, which knows the settings of
 * the desktop or, outside of one, the environment.
 *
 * Requests with equal rules share connections. Rules never change, and may be used from any
 * thread.
 *
 * Since: 1.0
 */

#define DIRECT "direct://"

struct _HfProxyRules {
  GObject parent_instance;

  GHashTable *proxies;       /* owned, const; of char *: schemes, and "scheme://host" */
  GStrv ignore_hosts;        /* owned, const */
  gboolean ignores_all;      /* const */
  GProxyResolver *ignoring;  /* owned, const, nullable: answers DIRECT to what is ignored */
  GProxyResolver *fallback;  /* owned, const, nullable */
};

static void hf_proxy_rules_resolver_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HfProxyRules, hf_proxy_rules, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER,
                                                      hf_proxy_rules_resolver_init))

static void
hf_proxy_rules_finalize (GObject *object)
{
  HfProxyRules *self = HF_PROXY_RULES (object);

  g_hash_table_unref (self->proxies);
  g_strfreev (self->ignore_hosts);
  g_clear_object (&self->ignoring);
  g_clear_object (&self->fallback);

  G_OBJECT_CLASS (hf_proxy_rules_parent_class)->finalize (object);
}

static void
hf_proxy_rules_class_init (HfProxyRulesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = hf_proxy_rules_finalize;
}

static void
hf_proxy_rules_init (HfProxyRules *self)
{
  self->proxies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* The schemes of proxies that GIO speaks, and their ports. */
static const struct {
  const char *scheme;
  const char *in_gio;
  int port;
} kinds[] = {
  { "http", "http", 80 },       { "https", "https", 443 },
  { "socks", "socks", 1080 },   { "socks4", "socks4", 1080 },
  { "socks4a", "socks4a", 1080 }, { "socks5", "socks5", 1080 },
  { "socks5h", "socks5", 1080 },
};

/* Returns: (transfer full) (nullable): the proxy as GIO wants it, with its port */
static char *
normalize_proxy (const char *proxy)
{
  g_autofree char *full = strstr (proxy, "://") != NULL ? g_strdup (proxy)
                                                        : g_strconcat ("http://", proxy, NULL);
  g_autoptr (GUri) uri =
    g_uri_parse (full, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autoptr (GUri) normal = NULL;

  if (*proxy == '\0' || g_str_equal (proxy, DIRECT))
    return g_strdup (DIRECT);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_ascii_strcasecmp (g_uri_get_scheme (uri), kinds[i].scheme) == 0)
      {
        int port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : kinds[i].port;

        normal = g_uri_build_with_user (G_URI_FLAGS_HAS_PASSWORD, kinds[i].in_gio,
                                        g_uri_get_user (uri), g_uri_get_password (uri), NULL,
                                        g_uri_get_host (uri), port, "", NULL, NULL);
        return g_uri_to_string (normal);
      }
  return NULL;
}

/* Returns: (transfer full): for whom a proxy is, as it is looked up: addresses without brackets, as
 * g_uri_get_host() gives them */
static char *
normalize_whose (const char *whose)
{
  char *normal = g_ascii_strdown (whose, -1);
  char *host = strstr (normal, "://[");
  gsize length = host != NULL ? strlen (host) : 0;

  if (length > 0 && host[length - 1] == ']')
    {
      host[length - 1] = '\0';
      memmove (host + 3, host + 4, length - 4);
    }
  return normal;
}

static gboolean
rules_add_proxy (HfProxyRules  *self,
                 const char    *whose,
                 const char    *proxy,
                 GError       **error)
{
  char *normal = normalize_proxy (proxy);
  g_autofree char *shown = NULL;

  if (normal != NULL)
    {
      g_hash_table_replace (self->proxies, normalize_whose (whose), normal);
      return TRUE;
    }

  hf_init_i18n ();
  shown = hf_error_redact_uri (proxy);
  g_set_error (error, HF_ERROR, HF_ERROR_INVALID_URI,
               _("“%s” is not the address of a proxy that can be used"), shown);
  return FALSE;
}

/* Returns: (transfer full) (nullable): a host as GSimpleProxyResolver takes it, which would warn of
 * others; they cannot be the host of any URI */
static char *
normalize_host (const char *host)
{
  g_autofree char *text = g_strstrip (g_strdup (host));
  gsize length = strlen (text);
  const char *port;

  if (length == 0)
    return NULL;
  if (text[0] == '[' && text[length - 1] == ']')
    return g_strndup (text + 1, length - 2);

  port = strrchr (text, ':');
  if (port != NULL && (text[0] == '[' || strchr (text, ':') == port) &&
      (port[1] == '\0' || strspn (port + 1, "0123456789") != strlen (port + 1)))
    return NULL;
  if (text[0] == '[' && strstr (text, "]:") == NULL)
    return NULL;
  return g_steal_pointer (&text);
}

static void
rules_set_ignore_hosts (HfProxyRules      *self,
                        const char *const *hosts)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; hosts != NULL && hosts[i] != NULL; i++)
    {
      g_autofree char *host = normalize_host (hosts[i]);

      if (host != NULL && g_str_equal (host, "*"))
        self->ignores_all = TRUE;
      else if (host != NULL)
        g_strv_builder_add (builder, host);
    }
  self->ignore_hosts = g_strv_builder_end (builder);
  if (self->ignore_hosts[0] != NULL)
    self->ignoring = g_simple_proxy_resolver_new ("http://any.invalid", self->ignore_hosts);
}

/**
 * hf_proxy_rules_new:
 * @proxies: (array zero-terminated=1): for whom and which, in turn
 * @ignore_hosts: (array zero-terminated=1) (nullable): hosts for which no proxy is used
 * @fallback: (nullable): what to ask for all others; %NULL for no proxy
 * @error: return location for an error, `HF_ERROR_INVALID_URI`
 *
 * Makes rules for `http` and `https`, for `all`, or for single hosts: `http://www.example.org`,
 * `https://…`, `all://…`. The most specific one holds: that for scheme and host, for the scheme,
 * for the host, then for all.
 *
 * A proxy is a URI with one of the schemes `http`, `https`, `socks5`, `socks4a`, `socks4` and
 * `socks`, with credentials in it if it wants some; without a scheme `http` is meant. Names are
 * resolved by the proxy, but by none that is `socks4`; `socks5h` is the same as `socks5`. An empty
 * one stands for none.
 *
 * The hosts to ignore are those that [class@Gio.SimpleProxyResolver] can take: names, which stand
 * for all names below them, too, addresses and networks such as `10.0.0.0/8`; `*` is for all.
 *
 * Returns: (transfer full): rules
 *
 * Since: 1.0
 */
HfProxyRules *
hf_proxy_rules_new (const char *const  *proxies,
                    const char *const  *ignore_hosts,
                    GProxyResolver     *fallback,
                    GError            **error)
{
  g_autoptr (HfProxyRules) self = NULL;

  g_return_val_if_fail (proxies != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **) proxies) % 2 == 0, NULL);
  g_return_val_if_fail (fallback == NULL || G_IS_PROXY_RESOLVER (fallback), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (HF_TYPE_PROXY_RULES, NULL);
  for (guint i = 0; proxies[i] != NULL; i += 2)
    if (!rules_add_proxy (self, proxies[i], proxies[i + 1], error))
      return NULL;
  rules_set_ignore_hosts (self, ignore_hosts);
  g_set_object (&self->fallback, fallback);
  return g_steal_pointer (&self);
}

static gboolean
rules_ignore (HfProxyRules *self,
              const char   *uri)
{
  g_auto (GStrv) found = NULL;

  if (self->ignores_all || self->ignoring == NULL)
    return self->ignores_all;
  found = g_proxy_resolver_lookup (self->ignoring, uri, NULL, NULL);
  return found != NULL && g_str_equal (found[0], DIRECT);
}

/* Returns: (nullable): the proxy for a URI; %NULL when there is no rule for it */
static const char *
rules_find (HfProxyRules *self,
            const char   *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_autofree char *scheme = NULL;
  g_autofree char *host = NULL;
  g_autofree char *both = NULL;
  g_autofree char *any = NULL;
  const char *keys[4];

  if (parsed == NULL || g_uri_get_host (parsed) == NULL)
    return NULL;
  if (rules_ignore (self, uri))
    return DIRECT;

  scheme = g_ascii_strdown (g_uri_get_scheme (parsed), -1);
  host = g_ascii_strdown (g_uri_get_host (parsed), -1);
  both = g_strconcat (scheme, "://", host, NULL);
  any = g_strconcat ("all://", host, NULL);
  keys[0] = both;
  keys[1] = scheme;
  keys[2] = any;
  keys[3] = "all";
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *proxy = g_hash_table_lookup (self->proxies, keys[i]);

      if (proxy != NULL)
        return proxy;
    }
  return self->fallback == NULL ? DIRECT : NULL;
}

static GStrv
proxies_of_one (const char *proxy)
{
  const char *const one[] = { proxy, NULL };

  return g_strdupv ((char **) one);
}

static GStrv
hf_proxy_rules_lookup (GProxyResolver  *resolver,
                       const char      *uri,
                       GCancellable    *cancellable,
                       GError         **error)
{
  HfProxyRules *self = HF_PROXY_RULES (resolver);
  const char *proxy = rules_find (self, uri);

  if (proxy != NULL)
    return proxies_of_one (proxy);
  if (self->fallback != NULL)
    return g_proxy_resolver_lookup (self->fallback, uri, cancellable, error);
  return proxies_of_one (DIRECT);
}

static void
on_fallback (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GStrv proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);

  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, error);
}

static void
hf_proxy_rules_lookup_async (GProxyResolver      *resolver,
                             const char          *uri,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  HfProxyRules *self = HF_PROXY_RULES (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *proxy = rules_find (self, uri);

  g_task_set_source_tag (task, hf_proxy_rules_lookup_async);
  if (proxy == NULL && self->fallback != NULL)
    {
      g_proxy_resolver_lookup_async (self->fallback, uri, cancellable, on_fallback,
                                     g_steal_pointer (&task));
      return;
    }
  g_task_return_pointer (task, proxies_of_one (proxy != NULL ? proxy : DIRECT),
                         (GDestroyNotify) g_strfreev);
}

static GStrv
hf_proxy_rules_lookup_finish (GProxyResolver  *resolver,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, resolver), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
hf_proxy_rules_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
hf_proxy_rules_resolver_init (GProxyResolverInterface *iface)
{
  iface->is_supported = hf_proxy_rules_is_supported;
  iface->lookup = hf_proxy_rules_lookup;
  iface->lookup_async = hf_proxy_rules_lookup_async;
  iface->lookup_finish = hf_proxy_rules_lookup_finish;
}

static gboolean
tables_equal (GHashTable *table,
              GHashTable *other)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (g_hash_table_size (table) != g_hash_table_size (other))
    return FALSE;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (g_hash_table_lookup (other, key), value) != 0)
      return FALSE;
  return TRUE;
}

/* Whether two resolvers, or none, are known to give the same. */
gboolean
hf_proxy_resolver_equal (GProxyResolver *resolver,
                         GProxyResolver *other)
{
  HfProxyRules *one;
  HfProxyRules *two;

  if (resolver == other)
    return TRUE;
  if (resolver == NULL || other == NULL || !HF_IS_PROXY_RULES (resolver) ||
      !HF_IS_PROXY_RULES (other))
    return FALSE;

  one = HF_PROXY_RULES (resolver);
  two = HF_PROXY_RULES (other);
  return one->ignores_all == two->ignores_all &&
         g_strv_equal ((const char *const *) one->ignore_hosts,
                       (const char *const *) two->ignore_hosts) &&
         tables_equal (one->proxies, two->proxies) &&
         hf_proxy_resolver_equal (one->fallback, two->fallback);
}

/* Whether a resolver is known to answer at once. */
gboolean
hf_proxy_resolver_is_plain (GProxyResolver *resolver)
{
  if (HF_IS_PROXY_RULES (resolver))
    return HF_PROXY_RULES (resolver)->fallback == NULL ||
           hf_proxy_resolver_is_plain (HF_PROXY_RULES (resolver)->fallback);
  return G_OBJECT_TYPE (resolver) == G_TYPE_SIMPLE_PROXY_RESOLVER;
}
