// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output;

/// <summary>One thing that a listing can say about a row.</summary>
/// <param name="Field">its name in templates and JSON, as docker's</param>
/// <param name="Header">its title in tables</param>
/// <param name="Of">the text for a row; null: nothing can be said</param>
internal sealed record Column<T>(string Field, string Header, Func<T, string?> Of);
