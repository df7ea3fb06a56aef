/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */

#include "config.h"

#include "hf-worker-process-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hf-clock-private.h"
#include "hf-error-private.h"
#include "hf-layout-private.h"

/* How long a process may take to end by itself, in milliseconds. */
#define MOST_FOR_ENDING 1000

/* So often one is started anew that was killed before it could say that it is there. */
#define MOST_STARTS 5

/* What a worker keeps of the environment: where things are, the language, the proxies, and what
 * GIO needs to ask the desktop for its proxies. Everything else may be a secret. */
static const char *const kept[] = {
  "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "http_proxy", "https_proxy", "ftp_proxy",
  "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY",
  "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS",
  "XDG_RUNTIME_DIR", "GIO_USE_PROXY_RESOLVER", "GSETTINGS_BACKEND", NULL,
};

static char **
make_environment (guintptr load_below)
{
  g_auto (GStrv) mine = g_get_environ ();
  g_auto (GStrv) names = g_listenv ();
  char **environment = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (g_strv_contains (kept, names[i]) || g_str_has_prefix (names[i], "LC_"))
      environment =
        g_environ_setenv (environment, names[i], g_environ_getenv (mine, names[i]), TRUE);

  /* HTTP/2 has ways for a server to crash its client (libsoup 3.2.3). */
  environment = g_environ_setenv (environment, "SOUP_FORCE_HTTP1", "1", TRUE);
  return hf_layout_demand (environment, load_below);
}

void
hf_worker_process_free (HfWorkerProcess *self)
{
  hf_channel_free (self->channel);
  hf_channel_free (self->control);
  g_subprocess_force_exit (self->process);
  g_object_unref (self->process);
  hf_shared_status_free (self->status);
  g_clear_pointer (&self->config, g_bytes_unref);
  g_free (self->command);
  g_free (self);
}

static GError *
new_start_error (const char *command,
                 const char *reason)
{
  hf_init_i18n ();
  return g_error_new (HF_ERROR, HF_ERROR_WORKER_DIED,
                      _("The worker process “%s” could not be started: %s"), command, reason);
}

/* Makes a channel, of which the worker finds its end at @target. */
static HfChannel *
open_channel (GSubprocessLauncher  *launcher,
              int                   target,
              GError              **error)
{
  HfChannel *channel;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      int code = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (code), g_strerror (code));
      return NULL;
    }

  channel = hf_channel_new (ends[0], error);
  g_subprocess_launcher_take_fd (launcher, ends[1], target);
  return channel;
}

static HfSharedStatus *
open_status (GSubprocessLauncher  *launcher,
             GError              **error)
{
  int fd;
  HfSharedStatus *status = hf_shared_status_new (&fd, error);

  if (status != NULL)
    g_subprocess_launcher_take_fd (launcher, fd, HF_WORKER_STATUS_FD);
  return status;
}

static HfWorkerProcess *
worker_process_spawn (const char *const  *argv,
                      guintptr            load_below,
                      GError            **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_auto (GStrv) environment = make_environment (load_below);
  g_autoptr (HfChannel) channel = open_channel (launcher, HF_WORKER_FD, error);
  g_autoptr (HfChannel) control =
    channel != NULL ? open_channel (launcher, HF_WORKER_CONTROL_FD, error) : NULL;
  HfSharedStatus *status = control != NULL ? open_status (launcher, error) : NULL;
  GSubprocess *process = NULL;
  HfWorkerProcess *self;

  g_subprocess_launcher_set_environ (launcher, environment);
  if (status != NULL)
    process = g_subprocess_launcher_spawnv (launcher, argv, error);
  /* Else it would not be noticed that the worker has gone. */
  g_subprocess_launcher_close (launcher);
  if (process == NULL)
    {
      g_clear_pointer (&status, hf_shared_status_free);
      return NULL;
    }

  self = g_new0 (HfWorkerProcess, 1);
  self->process = process;
  self->channel = g_steal_pointer (&channel);
  self->control = g_steal_pointer (&control);
  self->status = status;
  self->command = g_strjoinv (" ", (char **) argv);
  self->link.data = self;
  return self;
}

/* Where there are no descriptors for processes, as under valgrind. GLib reaps it. */
static gboolean
process_is_seen_to_end (pid_t pid)
{
  for (guint i = 0; i < MOST_FOR_ENDING; i++)
    {
      siginfo_t info = { 0 };

      if (waitid (P_PID, pid, &info, WEXITED | WNOWAIT | WNOHANG) < 0 || info.si_pid == pid)
        return TRUE;
      g_usleep (1000);
    }
  return FALSE;
}

/* Waits until the process has ended, not for long. */
static gboolean
worker_process_ends (HfWorkerProcess *self)
{
  const char *identifier = g_subprocess_get_identifier (self->process);
  struct pollfd ended = { .events = POLLIN };
  gboolean ends;
  pid_t pid;

  if (identifier == NULL)
    return TRUE;

  pid = g_ascii_strtoll (identifier, NULL, 10);
  ended.fd = syscall (SYS_pidfd_open, pid, 0);
  if (ended.fd < 0)
    return errno == ESRCH || process_is_seen_to_end (pid);
  ends = poll (&ended, 1, MOST_FOR_ENDING) == 1;
  close (ended.fd);
  return ends;
}

static char *
worker_process_describe_end (HfWorkerProcess *self)
{
  g_autofree char *number = NULL;

  if (g_subprocess_get_if_signaled (self->process))
    {
      number = g_strdup_printf ("%d", g_subprocess_get_term_sig (self->process));
      return g_strdup_printf (_("it was ended by signal %s (%s)"), number,
                              g_strsignal (g_subprocess_get_term_sig (self->process)));
    }

  number = g_strdup_printf ("%d", g_subprocess_get_exit_status (self->process));
  return g_strdup_printf (_("it exited with status %s"), number);
}

/*
 * worker_process_find_reason:
 * @killed: (out): whether a signal ended it that was not this function's
 *
 * Ends the process.
 *
 * Returns: (transfer full): why it is of no use any more
 */
static char *
worker_process_find_reason (HfWorkerProcess *self,
                            const GError    *failed,
                            gboolean        *killed)
{
  gboolean has_gone = g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
                      g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
                      g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  gboolean ends = has_gone && worker_process_ends (self);

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  *killed = ends && g_subprocess_get_if_signaled (self->process);
  hf_init_i18n ();
  if (ends)
    return worker_process_describe_end (self);
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup (_("it did not answer, and was ended"));
  return g_strdup (_("it wrote what cannot be understood, and was ended"));
}

/*
 * hf_worker_process_bury:
 * @failed: what its channel said
 *
 * Ends a process that is of no use any more, and waits for that; lets one that is just ending do
 * so by itself.
 *
 * Returns: (transfer full): why it is of no use
 */
GError *
hf_worker_process_bury (HfWorkerProcess *self,
                        const GError    *failed)
{
  gboolean killed;
  g_autofree char *reason = worker_process_find_reason (self, failed, &killed);

  return g_error_new (HF_ERROR, HF_ERROR_WORKER_DIED, _("The worker process “%s” has died: %s"),
                      self->command, reason);
}

static HfWorkerProcess *
worker_process_start (const char *const  *argv,
                      guintptr            load_below,
                      double              start_timeout,
                      GCancellable       *cancellable,
                      gboolean           *killed,
                      GError            **error)
{
  g_autoptr (GError) failed = NULL;
  g_autofree char *command = g_strjoinv (" ", (char **) argv);
  g_autoptr (HfWorkerProcess) self = worker_process_spawn (argv, load_below, &failed);
  gint64 timeout_us = start_timeout > 0 ? hf_clock_due_after (0, start_timeout) : -1;
  g_auto (HfFrame) hello = { 0 };
  g_autofree char *reason = NULL;

  *killed = FALSE;
  if (self == NULL)
    {
      g_propagate_error (error, new_start_error (command, failed->message));
      return NULL;
    }

  if (hf_channel_receive (self->channel, &hello, timeout_us, cancellable, &failed) &&
      hello.kind == HF_FRAME_HELLO)
    return g_steal_pointer (&self);

  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return NULL;
    }

  reason = worker_process_find_reason (self, failed, killed);
  g_propagate_error (error, new_start_error (command, reason));
  return NULL;
}

/*
 * hf_worker_process_start:
 * @load_below: where its libraries are to be, see hf_layout_demand()
 * @start_timeout: for how long it may be silent at first, in seconds; 0: without limit
 *
 * Starts a process, blocking, and waits until it says that it is there. One that somebody kills
 * meanwhile has lost nothing, and is started anew.
 *
 * Returns: (transfer full) (nullable): the process
 */
HfWorkerProcess *
hf_worker_process_start (const char *const  *argv,
                         guintptr            load_below,
                         double              start_timeout,
                         GCancellable       *cancellable,
                         GError            **error)
{
  for (guint i = 1;; i++)
    {
      g_autoptr (GError) failed = NULL;
      gboolean killed;
      HfWorkerProcess *self =
        worker_process_start (argv, load_below, start_timeout, cancellable, &killed, &failed);

      if (self != NULL)
        return self;
      if (!killed || i == MOST_STARTS)
        {
          g_propagate_error (error, g_steal_pointer (&failed));
          return NULL;
        }
    }
}
