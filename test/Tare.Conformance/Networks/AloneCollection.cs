// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Networks;

/// <summary>Tests that change what all stores of a host share, such as everybody's rules: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone on the host";
}
