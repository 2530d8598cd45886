// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Elected;

/// <summary>What a keeper does for its whole store, if it is the one of all keepers that does it.</summary>
/// <param name="Run">absolute path of the store's run folder</param>
/// <param name="Table">name of the store's tables of the packet filter</param>
/// <param name="NameAddress">an address of the loopback network, where the names of containers are asked for</param>
/// <param name="Restore">arguments of the <c>tare</c> child that makes anew what somebody took away</param>
internal sealed record ElectedOrder(string Run, string Table, string NameAddress, IReadOnlyList<string> Restore);
