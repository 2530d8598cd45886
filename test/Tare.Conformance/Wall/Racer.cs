// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Wall;

/// <summary>A process in a container that exchanges names on a volume for ever, while others are started.</summary>
public sealed class Racer : IDisposable
{
    private const int Patience = 50;

    private readonly Counters _exchanges;
    private readonly Subject _subject;
    private readonly string _container;

    /// <param name="ground">where</param>
    /// <param name="volume">folder of the host; <c>/v</c> in the racer's container</param>
    /// <param name="pairs">names in it, two by two</param>
    public Racer(Ground ground, string volume, params string[] pairs)
    {
        _subject = ground.Subject;
        string tools = ground.HostFolder();
        Tool.Make("race", tools);
        _exchanges = new(tools);
        _container = _subject.Name("racer");
        _subject.Ask(
        [
            "run", "-d", "--name", _container, "-v", $"{volume}:/v", "-v", $"{tools}:/tools", _subject.Image,
            "/tools/race", "/tools/count", .. pairs.Select(name => $"/v/{name}"),
        ]);
        _subject.AwaitLog(_container, "racing");
    }

    /// <summary>Does something, during which at least one exchange has to happen; else it is done again.</summary>
    public Outcome During(Func<Outcome> act)
    {
        for (int i = 0; i < Patience; i++)
        {
            ulong before = _exchanges[0];
            Outcome outcome = act();
            if (_exchanges[0] > before)
            {
                return outcome;
            }
        }

        throw new TimeoutException("nobody raced");
    }

    public void Dispose() => _subject.Run("rm", "-f", _container);
}
