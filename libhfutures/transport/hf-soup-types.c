/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-soup-types-private.h"

#include <libsoup/soup.h>

/*
 * hf_soup_types_register:
 *
 * Registers the types that a worker's first request needs, on the thread that makes the session.
 *
 * A type with interfaces is registered under a lock that is also held while any class is
 * initialized. A thread that registers GTask, because the application has asked for it just now,
 * and a worker that initializes a class of libsoup's, which mentions GTask, wait for one another
 * for ever (GLib 2.74). So these are registered before there is a worker. Not to be called while a
 * class is initialized.
 */
void
hf_soup_types_register (void)
{
  const GType types[] = {
    G_TYPE_ASYNC_RESULT,
    G_TYPE_CANCELLABLE,
    G_TYPE_CONVERTER_INPUT_STREAM,
    G_TYPE_FILTER_INPUT_STREAM,
    G_TYPE_FILTER_OUTPUT_STREAM,
    G_TYPE_INET_ADDRESS,
    G_TYPE_INET_SOCKET_ADDRESS,
    G_TYPE_INITABLE,
    G_TYPE_IO_STREAM,
    G_TYPE_MEMORY_INPUT_STREAM,
    G_TYPE_MEMORY_OUTPUT_STREAM,
    G_TYPE_NETWORK_ADDRESS,
    G_TYPE_PROXY_ADDRESS,
    G_TYPE_PROXY_ADDRESS_ENUMERATOR,
    G_TYPE_PROXY_RESOLVER,
    G_TYPE_RESOLVER,
    G_TYPE_SIMPLE_PROXY_RESOLVER,
    G_TYPE_SOCKET,
    G_TYPE_SOCKET_CLIENT,
    G_TYPE_SOCKET_CONNECTABLE,
    G_TYPE_SOCKET_CONNECTION,
    G_TYPE_TASK,
    G_TYPE_TCP_CONNECTION,
    G_TYPE_TLS_CERTIFICATE,
    G_TYPE_TLS_CLIENT_CONNECTION,
    G_TYPE_TLS_CONNECTION,
    G_TYPE_TLS_DATABASE,
    G_TYPE_TLS_INTERACTION,
    G_TYPE_TLS_PASSWORD,
    G_TYPE_ZLIB_DECOMPRESSOR,
    SOUP_TYPE_AUTH,
    SOUP_TYPE_AUTH_MANAGER,
    SOUP_TYPE_CONTENT_DECODER,
    SOUP_TYPE_COOKIE_JAR,
    SOUP_TYPE_LOGGER,
    SOUP_TYPE_MESSAGE,
    SOUP_TYPE_SESSION,
    SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_type_ensure (types[i]);
}
