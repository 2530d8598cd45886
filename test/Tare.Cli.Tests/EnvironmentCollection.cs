// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Tests;

/// <summary>Tests that change the environment of the process.</summary>
[CollectionDefinition("environment", DisableParallelization = true)]
public sealed class EnvironmentCollection;
