/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#define _GNU_SOURCE /* accept4() */

#include "config.h"

#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

/*
 * latency-server DELAY_MS BODY_SIZE: a far server, near. Answers every GET with the same 200, so
 * many milliseconds after its head was complete, whatever the number of connections. Prints its URI
 * and serves until its standard input, a pipe, ends, so that it never outlives the one who started
 * it. It knows no method but GET and no request body, and leaves closing to the client.
 */

#define BACKLOG 4096
#define USEC_PER_MSEC 1000

static const char head_start[] = "GET ";
static const char head_end[] = "\r\n\r\n";

typedef struct {
  guint generation;     /* one more with each connection that had this descriptor */
  guint8 n_start;       /* bytes of head_start that were met */
  guint8 n_end;         /* bytes of head_end that were just met */
  gboolean blocked;     /* watched for room to write */
  guint n_due;          /* answers that are due, the one that is being written among them */
  gsize n_sent;         /* bytes of that one that are written */
} Connection;

typedef struct {
  gint64 due;           /* microseconds, monotonic */
  int fd;
  guint generation;     /* the answer is for nobody when the connection has another */
} Answer;

typedef struct {
  int epoll;
  int listener;
  gint64 delay;         /* microseconds */
  GString *response;
  GArray *connections;  /* Connection, by descriptor */
  GQueue answers;       /* Answer; the delay is the same for all, so the first in is due first */
} Server;

static Connection *
get_connection (Server *server,
                int     fd)
{
  return &g_array_index (server->connections, Connection, fd);
}

static void
watch (Server *server,
       int     operation,
       int     fd,
       guint   events)
{
  struct epoll_event event = { .events = events, .data.fd = fd };

  if (epoll_ctl (server->epoll, operation, fd, &event) < 0)
    err (EXIT_FAILURE, fd == STDIN_FILENO ? "standard input must be a pipe" : "epoll_ctl");
}

static void
close_connection (Server *server,
                  int     fd)
{
  Connection *connection = get_connection (server, fd);

  *connection = (Connection){ .generation = connection->generation + 1 };
  close (fd);
}

/* Running out of descriptors ends the server: a measurement with fewer connections than were asked
 * for would be worth nothing, and waiting for one would keep the processor busy. */
static void
accept_connections (Server *server)
{
  int fd;

  while ((fd = accept4 (server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      if ((guint) fd >= server->connections->len)
        g_array_set_size (server->connections, fd + 1);
      watch (server, EPOLL_CTL_ADD, fd, EPOLLIN);
    }

  if (errno != EAGAIN && errno != ECONNABORTED)
    err (EXIT_FAILURE, "cannot accept a connection");
}

static void
push_answer (Server *server,
             int     fd)
{
  Answer *answer = g_new (Answer, 1);

  answer->due = g_get_monotonic_time () + server->delay;
  answer->fd = fd;
  answer->generation = get_connection (server, fd)->generation;
  g_queue_push_tail (&server->answers, answer);
}

/* Returns FALSE when this is not the head of a GET. */
static gboolean
read_byte (Server *server,
           int     fd,
           char    byte)
{
  Connection *connection = get_connection (server, fd);

  if (connection->n_start < strlen (head_start))
    return byte == head_start[connection->n_start++];

  if (byte == head_end[connection->n_end])
    connection->n_end++;
  else
    connection->n_end = byte == head_end[0] ? 1 : 0;

  if (connection->n_end == strlen (head_end))
    {
      connection->n_start = connection->n_end = 0;
      push_answer (server, fd);
    }
  return TRUE;
}

/* Returns FALSE when the connection is closed. What it did not read now is reported again. */
static gboolean
read_heads (Server *server,
            int     fd)
{
  char buffer[4096];
  gssize n = recv (fd, buffer, sizeof buffer, 0);
  gboolean valid = n > 0 || (n < 0 && errno == EAGAIN);

  for (gssize i = 0; i < n && valid; i++)
    valid = read_byte (server, fd, buffer[i]);
  if (!valid)
    close_connection (server, fd);
  return valid;
}

static void
write_answers (Server *server,
               int     fd)
{
  Connection *connection = get_connection (server, fd);
  gboolean blocked = FALSE;

  while (connection->n_due > 0 && !blocked)
    {
      gssize n = send (fd, server->response->str + connection->n_sent,
                       server->response->len - connection->n_sent, MSG_NOSIGNAL);

      blocked = n < 0 && errno == EAGAIN;
      if (n < 0 && !blocked)
        {
          close_connection (server, fd);
          return;
        }

      connection->n_sent += MAX (n, 0);
      if (connection->n_sent == server->response->len)
        {
          connection->n_sent = 0;
          connection->n_due--;
        }
    }

  if (blocked != connection->blocked)
    watch (server, EPOLL_CTL_MOD, fd, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN);
  connection->blocked = blocked;
}

/* Returns the milliseconds until the next answer is due, -1 when there is none. They are rounded
 * up, so that an answer is up to a millisecond late and never early. */
static int
write_due_answers (Server *server)
{
  gint64 now = g_get_monotonic_time ();
  Answer *answer;

  while ((answer = g_queue_peek_head (&server->answers)) != NULL)
    {
      Connection *connection = get_connection (server, answer->fd);

      if (answer->due > now)
        return (answer->due - now + USEC_PER_MSEC - 1) / USEC_PER_MSEC;

      if (answer->generation == connection->generation && connection->n_due++ == 0)
        write_answers (server, answer->fd);
      g_free (g_queue_pop_head (&server->answers));
    }
  return -1;
}

static void
serve (Server *server)
{
  struct epoll_event events[512];

  while (TRUE)
    {
      int n_events =
        epoll_wait (server->epoll, events, G_N_ELEMENTS (events), write_due_answers (server));

      if (n_events < 0 && errno != EINTR)
        err (EXIT_FAILURE, "epoll_wait");
      for (int i = 0; i < n_events; i++)
        {
          int fd = events[i].data.fd;
          gboolean readable = (events[i].events & ~EPOLLOUT) != 0; /* or broken: reading tells */
          char ignored[64];

          if (fd == server->listener)
            accept_connections (server);
          else if (fd == STDIN_FILENO && read (fd, ignored, sizeof ignored) <= 0)
            return;
          else if (fd != STDIN_FILENO && (!readable || read_heads (server, fd)) &&
                   (events[i].events & EPOLLOUT) != 0)
            write_answers (server, fd);
        }
    }
}

/* Connections inherit TCP_NODELAY: the end of a large body must not wait for an acknowledgement. */
static void
start (Server *server)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  const int on = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  server->epoll = epoll_create1 (EPOLL_CLOEXEC);
  server->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (server->epoll < 0 || server->listener < 0 ||
      setsockopt (server->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      setsockopt (server->listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
      bind (server->listener, (struct sockaddr *) &address, size) < 0 ||
      listen (server->listener, BACKLOG) < 0 ||
      getsockname (server->listener, (struct sockaddr *) &address, &size) < 0)
    err (EXIT_FAILURE, "cannot listen");

  watch (server, EPOLL_CTL_ADD, server->listener, EPOLLIN);
  watch (server, EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN);
  g_print ("http://127.0.0.1:%u/\n", ntohs (address.sin_port));
}

int
main (int    argc,
      char **argv)
{
  Server server = { .answers = G_QUEUE_INIT };
  guint body_size;
  struct rlimit limit;

  if (argc != 3)
    {
      g_printerr ("Usage: latency-server DELAY_MS BODY_SIZE\n");
      return EXIT_FAILURE;
    }

  server.delay = strtoul (argv[1], NULL, 10) * USEC_PER_MSEC;
  body_size = strtoul (argv[2], NULL, 10);
  server.connections = g_array_new (FALSE, TRUE, sizeof (Connection));
  server.response = g_string_new ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n");
  g_string_append_printf (server.response, "Content-Length: %u\r\n\r\n", body_size);
  g_string_set_size (server.response, server.response->len + body_size);
  memset (server.response->str + server.response->len - body_size, 'x', body_size);

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    err (EXIT_FAILURE, "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    err (EXIT_FAILURE, "setrlimit");

  start (&server);
  serve (&server);
  g_queue_clear_full (&server.answers, g_free);
  g_array_unref (server.connections);
  g_string_free (server.response, TRUE);
  return EXIT_SUCCESS;
}
