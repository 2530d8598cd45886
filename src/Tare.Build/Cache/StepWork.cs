// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Build.Cache;

/// <summary>A step as the cache sees it.</summary>
/// <param name="Keys">that may lead to its record, each computed when it is asked for; the last one is the most exact</param>
/// <param name="Inputs">what it depends on; asked for after the last key</param>
/// <param name="Run">does it; null: it changed nothing</param>
internal sealed record StepWork(IEnumerable<string> Keys, Func<StepInputs> Inputs, Func<StoredLayer?> Run);
