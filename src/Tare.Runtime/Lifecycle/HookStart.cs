// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Lifecycle;

/// <summary>Starts a hook where it has to run.</summary>
/// <param name="hook">which</param>
/// <param name="input">lent: its standard input, with the state</param>
/// <param name="output">lent: its standard output and error</param>
/// <returns>a child of this process; the caller's</returns>
/// <exception cref="LinuxException">it cannot be executed; no process is left</exception>
/// <exception cref="Tare.Oci.TareException">as well, in words</exception>
internal delegate Pidfd HookStart(Hook hook, Fd input, Fd output);
