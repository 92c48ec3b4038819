import Atomistics
import Foundation

/// An energy per atom of each element as a part of a NEP4 model, in GPUMD's own format.
///
/// Trainers see energies less a shift per element, which makes them comparable; a nep.txt has no
/// place for one shift per element, but one neuron more in each element's network holds it:
///
///     U' = U + w1 tanh(−b0),   w0 = 0,   b0 = −20,   w1 = ε(element)
///
/// since tanh 20 is 1 to the last bit of double and single precision. Forces and stress stay as they
/// are; every program that reads the format reads this.
public enum NEPShift {
  /// The text of a nep.txt whose energies are those of `text` and `shifts` (eV) for each atom.
  ///
  /// - Parameter path: what errors call the text.
  /// - Throws: `PotentialsError.badFile` for another file or version than NEP4;
  ///   `PotentialsError.unsupportedElement` for a shift of an element that the model lacks.
  public static func adding(
    _ shifts: [Element: Double], to text: String, path: String
  ) throws -> String {
    let header = try NEPFile(bytes: Array(text.utf8), path: path).header
    guard header.version == 4 else {
      throw PotentialsError.badFile(
        path: path, line: 1,
        reason: "a model with one network for all elements has no place for a shift of each")
    }
    for element in shifts.keys where !header.species.contains(element) {
      throw PotentialsError.unsupportedElement(
        element, potential: path, supported: header.species)
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    let ann = lines.firstIndex { $0.hasPrefix("ANN") } ?? 0
    lines[ann] = "ANN \(header.neurons + 1) 0"
    let head = lines[...ann]
    let numbers = lines[(ann + 1)...].flatMap { $0.split(separator: " ").map(String.init) }
    let (neurons, inputs) = (header.neurons, header.descriptorCount)
    let perNetwork = neurons * (inputs + 2)
    var body: [String] = []
    for (index, element) in header.species.enumerated() {
      let network = numbers[(index * perNetwork)..<((index + 1) * perNetwork)]
      let w0 = network.prefix(neurons * inputs)
      let b0 = network.dropFirst(neurons * inputs).prefix(neurons)
      body += w0 + Array(repeating: "0", count: inputs)
      body += b0 + ["-20"]
      body += network.suffix(neurons) + ["\(shifts[element] ?? 0)"]
    }
    body += numbers[(header.species.count * perNetwork)...]
    return (head + body).joined(separator: "\n") + "\n"
  }
}
