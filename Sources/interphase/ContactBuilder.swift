import Atomistics
import Dynamics
import FileFormats
import Foundation
import Interfaces
import Potentials
import Workflows

/// Builds, computes and writes one contact after another.
struct ContactBuilder {
  let settings: ContactSettings
  /// Of either side; nil without a potential.
  let stress: ContactStress?
  let calculator: NEPPotential?
  let grid: RegistryCell.Grid?
  let options: ContactEnergyOptions
  /// nil: nothing is written.
  let folder: URL?
  let line: ProgressLine

  struct Built {
    let match: InterfaceOutput.Match
    /// What the page shows, if files are written.
    let entry: ContactPage.Entry?
  }

  func build(_ ranked: ContactRanking.Entry, number: Int) throws -> Built {
    let candidate = ranked.candidate
    let name = "contact-\(number)"
    let registry = try registry(candidate, name)
    let shift = registry?.chosen.shift ?? .zero
    let contact = CoherentInterface(candidate, settings: settings, shift: shift)
    // First the files: what is stopped later has them whole.
    let files = try folder.map {
      try ContactFiles(writing: contact, settings: settings, name: name, to: $0)
    }
    if let folder, let relaxed = registry?.chosenRelaxed {
      try StructureFile.write(
        relaxed.structure, to: folder.appendingPathComponent("\(name).relaxed.extxyz").path)
    }
    let details = MatchDetails(candidate, stress: stress)
    let adhesion = try adhesion(contact, name)
    var entry = files.map {
      ContactPage.Entry(name: name, contact: contact, ranked: ranked, files: $0)
    }
    entry?.stress = details.stress_GPa
    entry?.adhesion = adhesion
    entry?.registry = registry
    entry?.remarks = remarks(details)
    return Built(
      match: InterfaceOutput.Match(
        contact: contact, ranked: ranked, details: details, adhesion: adhesion,
        registry: registry, files: files, remarks: remarks(details)),
      entry: entry)
  }

  /// Refuses energies of slabs that the potential sees through, before anything is computed.
  func check(_ entries: [ContactRanking.Entry]) throws {
    guard let calculator, grid != nil || options.adhesion != nil else { return }
    for (number, entry) in entries.enumerated() {
      guard let thin = thinSides(MatchDetails(entry.candidate, stress: nil)).first else { continue }
      throw InterfacesError.badSetting(
        "\(thin.text) in contact \(number + 1): atoms at the contact would feel the vacuum behind "
          + "it, and --adhesion and --registry would be those of a film; ask for --\(thin.side)"
          + "-thickness \"\(String(format: "%.0f", calculator.cutoff.rounded(.up))) Å\" or more")
    }
  }

  private func remarks(_ details: MatchDetails) -> [String] {
    thinSides(details).map { "\($0.text); its energies are those of a film, not of a bulk." }
  }

  /// Slabs that the potential sees through, which are no bulk to it.
  private func thinSides(_ details: MatchDetails) -> [(side: String, text: String)] {
    guard let calculator else { return [] }
    let sides = [
      ("metal", details.anodeThickness_A), ("electrolyte", details.electrolyteThickness_A),
    ]
    return sides.compactMap { name, thickness in
      guard thickness < calculator.cutoff else { return nil }
      let text = String(
        format: "The %@ is %.1f Å thick, thinner than the range of the potential, %.1f Å", name,
        thickness, calculator.cutoff)
      return (name, text)
    }
  }

  private func registry(_ candidate: ContactCandidate, _ name: String) throws -> ContactRegistry? {
    guard let calculator, let grid else { return nil }
    return try ContactRegistry(
      candidate, settings: settings, grid: grid, calculator: calculator,
      relaxing: options.registryRelax, progress: { text in line.show("\(name): \(text)") },
      shouldStop: { Interruption.isRequested })
  }

  private func adhesion(_ contact: CoherentInterface, _ name: String) throws -> WorkOfAdhesion? {
    guard let calculator, let how = options.adhesion else { return nil }
    return try WorkOfAdhesion(
      of: contact.structure, contacts: contact.contactPlanes.count, calculator: calculator,
      relaxation: how == .relaxed ? .ofContacts : nil,
      progress: { now in
        line.show(
          String(
            format: "%@: adhesion, step %d, largest force %.4f eV/Å", name, now.step,
            now.largestForce))
      }, shouldStop: { Interruption.isRequested })
  }
}
