// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images;

/// <summary>A sink got only a part of some content and can go on with it: it wants the same bytes from their start once more.</summary>
/// <remarks>Thrown by sinks to <see cref="Copy"/> alone. The sink counts how often, and throws what it failed by in the end.</remarks>
/// <param name="cause">why only a part</param>
internal sealed class SendAgainException(Exception cause) : Exception("send again", cause);
