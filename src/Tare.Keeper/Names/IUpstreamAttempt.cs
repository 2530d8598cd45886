// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>A question that waits for the answer of one server; it tells its <see cref="UpstreamQuery"/>, once.</summary>
internal interface IUpstreamAttempt : IDisposable;
