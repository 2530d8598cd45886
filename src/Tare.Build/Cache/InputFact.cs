// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Cache;

/// <summary>One thing that a step depends on, beside files.</summary>
/// <param name="Name">for people, such as <c>variable VERSION</c>; one step has a name once</param>
/// <param name="Value">what it was; long ones are cut and end with a digest. Never a secret: those count by their ids</param>
internal sealed record InputFact(string Name, string Value);
