// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>Reads the value of a key that the user chose and adds it to what was read before.</summary>
/// <typeparam name="T">what the values are read into</typeparam>
/// <param name="tokens">stand at the value's first token and are left at its last</param>
/// <param name="before">what was read before</param>
/// <param name="name">the key</param>
internal delegate T ReadConfigurationEntry<T>(ref ConfigurationTokens tokens, T before, string name);
