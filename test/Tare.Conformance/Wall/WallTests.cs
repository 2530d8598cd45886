// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>Attacks of one kind; after each the canary is as it was. docs/wall.md lists all.</summary>
[Trait("ring", "kernel")]
public abstract class WallTests(Ground ground) : IClassFixture<Ground>, IDisposable
{
    protected Ground Ground { get; } = ground;

    protected Subject Subject => Ground.Subject;

    protected Canary Canary => Ground.Canary;

    public void Dispose()
    {
        Canary.AssertUntouched();
        GC.SuppressFinalize(this);
    }
}
