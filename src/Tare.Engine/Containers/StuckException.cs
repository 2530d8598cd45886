// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>A container was killed, and processes of it are left because the kernel does not let them die.</summary>
/// <param name="message">names them</param>
internal sealed class StuckException(string message) : TareException(ErrorKind.Unavailable, message);
