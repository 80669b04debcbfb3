export default function P() {
  return <h1>connect</h1>;
}
